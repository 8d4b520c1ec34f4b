using System.Text.Json;

namespace Beamline.Kernel;

/// <summary>Remembers what restores found, so that the next one of the same question needs none.</summary>
internal sealed class RestoreCache(string folder)
{
    /// <summary>Changes when what is stored changes its form.</summary>
    public const int FormatVersion = 1;

    private static readonly TimeSpan FloatingAge = TimeSpan.FromHours(24);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The folder of this user: $XDG_CACHE_HOME/beamline, or ~/.cache/beamline.</summary>
    public static string DefaultFolder
    {
        get
        {
            var named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var parent = named is { Length: > 0 } && Path.IsPathFullyQualified(named) ? named
                : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache");
            return Path.Combine(parent, "beamline");
        }
    }

    /// <summary>What was found, or null when nothing is known, it is damaged, or its packages are gone.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="evenOld">True to take an answer that newer packages may have made old.</param>
    public IReadOnlyList<ResolvedPackage>? Find(RestoreQuestion question, bool evenOld = false)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<Entry>(File.ReadAllText(FileOf(question)));
            var isOld = question.IsFloating && (entry?.Made + FloatingAge is not { } end || end < DateTimeOffset.UtcNow);
            return entry is { Format: FormatVersion, Packages: { } packages } && (evenOld || !isOld) &&
                packages.Count > 0 && packages.All(p => p.IsPresent()) ? packages : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException
            or ArgumentException or NullReferenceException)
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
            AtomicFile.WriteText(
                FileOf(question), JsonSerializer.Serialize(new Entry(FormatVersion, DateTimeOffset.UtcNow, packages), Indented));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Said above.
        }
    }

    /// <summary>The file of a question.</summary>
    public string FileOf(RestoreQuestion question) => Path.Combine(folder, "packages", question.Key() + ".json");

    private sealed record Entry(int Format, DateTimeOffset Made, IReadOnlyList<ResolvedPackage>? Packages);
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
