using System.Reflection;
using System.Runtime.InteropServices;
using Beamline.Packages;

namespace Beamline.Learning;

/// <summary>The package that brings libtorch to this kind of machine.</summary>
internal static class TorchPackage
{
    /// <summary>The libtorch that the referenced TorchSharp was built for.</summary>
    public const string Version = "2.10.0";

    /// <summary>Environment variable with a folder of libtorch libraries that is taken instead of the package.</summary>
    public const string FolderVariable = "BEAMLINE_LIBTORCH";

    /// <summary>What the build asks for: "cpu", or "cuda" after <c>-p:TorchBackend=cuda</c>.</summary>
    public static string Backend { get; } = typeof(TorchPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "TorchBackend")?.Value?.ToLowerInvariant() ?? "cpu";

    /// <summary>Its name, or null where none is published.</summary>
    public static string? Id { get; } = IdFor(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "", RuntimeInformation.ProcessArchitecture, Backend);

    /// <summary>Bytes on disk that it takes, nearly.</summary>
    public const long Bytes = 490_000_000;

    /// <summary>Whether the package folder of this user has it, so that no network is needed.</summary>
    public static bool IsRestored => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? InFolder(folder).Length > 0 : Id is { } id && PackageFolder.Versions(id).Contains(Version);

    internal static string? IdFor(string system, Architecture architecture, string backend) => (system, architecture) switch
    {
        ("linux" or "win", Architecture.X64) when backend == "cuda" => $"libtorch-cuda-12.8-{system}-x64",
        _ when backend != "cpu" => null,
        ("linux", Architecture.X64) => "libtorch-cpu-linux-x64",
        ("win", Architecture.X64) => "libtorch-cpu-win-x64",
        ("win", Architecture.Arm64) => "libtorch-cpu-win-arm64",
        ("osx", Architecture.Arm64) => "libtorch-cpu-osx-arm64",
        _ => null,
    };

    /// <summary>Restores it, or finds it restored.</summary>
    /// <param name="starting">Called when it is not there yet.</param>
    /// <param name="cancellationToken">Stops the restore.</param>
    /// <returns>Its native libraries.</returns>
    /// <exception cref="TorchNotAvailableException">It cannot be had.</exception>
    public static async Task<IReadOnlyList<string>> RestoreAsync(Action starting, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            return InFolder(folder) is { Length: > 0 } own
                ? own
                : throw new TorchNotAvailableException($"{FolderVariable} names {folder}, where there is no libtorch_cpu library: it is to be the folder 'lib' of libtorch {Version}.");
        }

        if (Id is not { } id)
        {
            throw new TorchNotAvailableException(
                $"There is no libtorch {Version} ({Backend}) for {RuntimeInformation.RuntimeIdentifier}: it is published for Linux and Windows on x64, Windows on arm64 and macOS on arm64. " +
                "Everything but training and applying networks works without it.");
        }

        try
        {
            var request = PackageRequest.Parse(new ReferenceDirective(DirectiveKind.Package, $"{id}, {Version}", $"{id}, {Version}", 1));
            var question = new RestoreQuestion { Requests = [request], ConfigFolder = Directory.GetCurrentDirectory() };
            var packages = await new PackageRestorer(new RestoreCache(RestoreCache.DefaultFolder), new DotNetProcess())
                .RestoreAsync(question, starting, _ => { }, cancellationToken).ConfigureAwait(false);
            return [.. packages.SelectMany(p => p.Native)];
        }
        catch (PackageException exception)
        {
            throw new TorchNotAvailableException(
                $"Networks need libtorch {Version} (the NuGet package {id}, {Bytes / 1_000_000} MB once for this user), and it could not be restored: {exception.Message} " +
                "When a source is at hand: beamline doctor --fix torch.",
                exception);
        }
    }

    /// <summary>The libraries of a folder that holds libtorch, else none.</summary>
    private static string[] InFolder(string folder)
    {
        var extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] files = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Where(f => Path.GetFileName(f).Contains(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal)] : [];
        return files.Any(f => Path.GetFileName(f).Contains("torch_cpu", StringComparison.Ordinal)) ? files : [];
    }
}
