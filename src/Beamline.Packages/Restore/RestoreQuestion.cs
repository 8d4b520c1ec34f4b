using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Beamline.Packages;

/// <summary>Everything that decides what a restore finds.</summary>
internal sealed record RestoreQuestion
{
    /// <summary>What cells are compiled for.</summary>
    public const string Framework = "net10.0";

    /// <summary>What is asked for.</summary>
    public required IReadOnlyList<PackageRequest> Requests { get; init; }

    /// <summary>Versions that hold wherever the package turns up: what is loaded, and what a lock says.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();

    /// <summary>Sources beside those of the NuGet.Config files, from #i; folders as full paths.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Folder from which NuGet.Config files are searched upwards.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>The kind of machine, for instance linux-x64.</summary>
    public string RuntimeIdentifier { get; init; } = PortableIdentifier();

    /// <summary>True when the same question may have another answer tomorrow.</summary>
    public bool IsFloating => Requests.Any(r => r.IsFloating);

    /// <summary>A name for the answer: equal for equal questions, including the content of the NuGet.Config files.</summary>
    public string Key()
    {
        var text = new StringBuilder();
        Add("framework", $"{RestoreCache.FormatVersion} {Framework} {RuntimeIdentifier}");
        Add("requests", [.. Requests.Select(r => r.Id.ToLowerInvariant() + " " + r.Requirement).Order(StringComparer.Ordinal)]);
        Add("pins", [.. Pins.Select(p => p.Key.ToLowerInvariant() + " " + p.Value).Order(StringComparer.Ordinal)]);
        Add("sources", [.. Sources]);
        Add("folder", PackageFolder.Path);
        Add("configs", [.. NuGetConfigFiles.For(ConfigFolder).SelectMany(file => new[] { file, Read(file) })]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        // With lengths, so that two lists never read the same. No serializer: its first use costs as much as all the rest.
        void Add(string name, params string[] values)
        {
            text.Append(name).Append(' ').Append(values.Length).Append('\n');
            foreach (var value in values)
            {
                text.Append(value.Length).Append(':').Append(value).Append('\n');
            }
        }
    }

    /// <summary>The portable name of this machine; the framework's own may name a distribution, for which packages have nothing.</summary>
    private static string PortableIdentifier()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
