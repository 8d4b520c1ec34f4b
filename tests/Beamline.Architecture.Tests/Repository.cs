using System.Diagnostics;

namespace Beamline.Architecture.Tests;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> Tracked = new(ListTracked);

    internal static string Root { get; } = FindRoot();

    /// <summary>Projects of src, by name.</summary>
    internal static IReadOnlyList<SourceProject> Projects { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(SourceProject.Read)];

    /// <summary>Paths that git tracks, relative to the root, with slashes. Skips the test without git.</summary>
    internal static IReadOnlyList<string> TrackedFiles => Tracked.Value;

    internal static string FullPath(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Interactive.sln.");
    }

    private static string[] ListTracked()
    {
        // New files count before they are added, so that a mistake shows before the commit.
        string[] arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            var text = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            Assert.SkipUnless(git.ExitCode == 0, "git ls-files failed: this is not a git checkout (git clone it).");
            return [.. text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(p => File.Exists(FullPath(p)))];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("git is not installed (apt-get install git).");
            throw;
        }
    }
}
