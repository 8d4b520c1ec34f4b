using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Packages;

/// <summary>Remembers what restores found, so that the next one of the same question needs none.</summary>
internal sealed class RestoreCache(string folder)
{
    /// <summary>Changes when what is stored changes its form.</summary>
    public const int FormatVersion = 1;

    private static readonly TimeSpan FloatingAge = TimeSpan.FromHours(24);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The folder of this user: $XDG_CACHE_HOME/beamline, or ~/.cache/beamline.</summary>
    public static string DefaultFolder => new RunContext().CacheFolder;

    /// <summary>What was found, or null when nothing is known, it is damaged, or its packages are gone.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="evenOld">True to take an answer that newer packages may have made old.</param>
    public IReadOnlyList<ResolvedPackage>? Find(RestoreQuestion question, bool evenOld = false)
    {
        try
        {
            var file = FileOf(question);
            if (!File.Exists(file))
            {
                return null;
            }

            var (packages, made) = Parse(File.ReadAllText(file));
            var isOld = question.IsFloating && made + FloatingAge < DateTimeOffset.UtcNow;
            if (isOld && !evenOld)
            {
                return null;
            }

            return packages.Length > 0 && packages.All(p => p.IsPresent()) ? packages : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or ArgumentException or NullReferenceException or InvalidOperationException or FormatException)
        {
            // Damaged or not there: it is made anew.
            return null;
        }
    }

    /// <summary>Keeps an answer. A cache that cannot be written costs time, nothing else.</summary>
    public void Keep(RestoreQuestion question, IReadOnlyList<ResolvedPackage> packages)
    {
        try
        {
            PrivateFolder.Make(folder);
            AtomicFile.WriteText(FileOf(question), Text(packages));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Said above.
        }
    }

    /// <summary>
    /// Does without a file what a cached restore does, so that the first one finds its code compiled: that is most of its time.
    /// </summary>
    /// <param name="directive">A line that asks for a package.</param>
    public static void WarmUp(ReferenceDirective directive)
    {
        var request = PackageRequest.Parse(directive);
        var question = new RestoreQuestion { Requests = [request], ConfigFolder = Directory.GetCurrentDirectory() };
        _ = new RestoreCache(DefaultFolder).Find(question);
        var package = new ResolvedPackage { Id = request.Id, Version = "1.0.0", Sha512 = "", Folder = "", Compile = ["a"], Runtime = ["a"], Native = [] };
        _ = request.Accepts(NuGet.Versioning.NuGetVersion.Parse(Parse(Text([package])).Packages[0].Version));
    }

    /// <summary>The file of a question.</summary>
    public string FileOf(RestoreQuestion question) => Path.Combine(folder, "packages", question.Key() + ".json");

    // By hand: the first use of a serializer costs as much as all the rest of a cached restore.
    private static (ResolvedPackage[] Packages, DateTimeOffset Made) Parse(string text)
    {
        var entry = JsonNode.Parse(text)!;
        if ((int)entry["Format"]! != FormatVersion)
        {
            return ([], default);
        }

        return ([.. entry["Packages"]!.AsArray().Select(p => Read(p!))],
            DateTimeOffset.Parse((string)entry["Made"]!, CultureInfo.InvariantCulture));
    }

    private static string Text(IEnumerable<ResolvedPackage> packages) => new JsonObject
    {
        ["Format"] = FormatVersion,
        ["Made"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
        ["Packages"] = new JsonArray([.. packages.Select(Write)]),
    }.ToJsonString(Indented);

    private static JsonObject Write(ResolvedPackage package) => new()
    {
        ["Id"] = package.Id,
        ["Version"] = package.Version,
        ["Sha512"] = package.Sha512,
        ["Folder"] = package.Folder,
        ["Compile"] = List(package.Compile),
        ["Runtime"] = List(package.Runtime),
        ["Native"] = List(package.Native),
    };

    private static ResolvedPackage Read(JsonNode node) => new()
    {
        Id = (string)node["Id"]!,
        Version = (string)node["Version"]!,
        Sha512 = (string)node["Sha512"]!,
        Folder = (string)node["Folder"]!,
        Compile = List(node["Compile"]!),
        Runtime = List(node["Runtime"]!),
        Native = List(node["Native"]!),
    };

    private static JsonArray List(IEnumerable<string> files) => new([.. files.Select(f => (JsonNode)f)]);

    private static string[] List(JsonNode files) => [.. files.AsArray().Select(f => (string)f!)];
}

/// <summary>Folders that only their user can look into.</summary>
internal static class PrivateFolder
{
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
