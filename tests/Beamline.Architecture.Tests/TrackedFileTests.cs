using System.Text.RegularExpressions;

namespace Beamline.Architecture.Tests;

/// <summary>What must not be in any tracked file.</summary>
public sealed partial class TrackedFileTests
{
    private const long LargestFileBytes = 5_000_000;

    private static readonly string[] TextKinds =
    [
        ".cs", ".csproj", ".css", ".csv", ".dib", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".props", ".ps1", ".py",
        ".sh", ".sln", ".targets", ".toml", ".ts", ".txt", ".xml", ".yaml", ".yml", "",
    ];

    /// <summary>Lines that may look like what is forbidden: file, text on the line, and why.</summary>
    private static readonly (string File, string Text, string Why)[] Allowed = [];

    [Fact]
    public void No_file_names_a_folder_of_one_machine() => AssertNowhere(
        MachinePath(), "an absolute path of one machine; use Path.GetTempPath(), a folder of the repository or an environment variable");

    [Fact]
    public void Nothing_is_fetched_from_a_content_network() => AssertNowhere(
        ContentNetwork(), "a reference to a content network; outputs must work offline, so carry the file along");

    [Fact]
    public void No_file_is_large()
    {
        var large = Repository.TrackedFiles
            .Select(p => (Path: p, Size: new FileInfo(Repository.FullPath(p)).Length))
            .Where(f => f.Size > LargestFileBytes)
            .Select(f => $"{f.Path}: {f.Size / 1e6:0.0} MB");
        Assert.True(!large.Any(), $"Larger than {LargestFileBytes / 1e6:0} MB: {string.Join(", ", large)}");
    }

    [Fact]
    public void Every_decision_that_a_file_cites_exists()
    {
        var dead = Repository.TrackedFiles.Where(IsText)
            .SelectMany(p => Citation().Matches(File.ReadAllText(Repository.FullPath(p))).Select(m => (File: p, Number: m.Groups[1].Value)))
            .Where(c => !Directory.EnumerateFiles(Repository.FullPath("docs/adr"), c.Number + "-*.md").Any())
            .Select(c => $"{c.File} cites docs/adr/{c.Number}")
            .Distinct();
        Assert.Empty(dead);
    }

    [Theory]
    [InlineData("read(\"", "home", "ada/scan.h5\")", true)]
    [InlineData("cd ", "root", "x", true)]
    [InlineData("cd ", "tmp", "x", true)]
    [InlineData("C:", "Users", "ada", false)]
    [InlineData("https://example.org", "home", "page", false)]
    [InlineData("docs", "work", "page.md", false)]
    [InlineData("~", "work", "page.md", false)]
    public void Machine_paths_are_told_from_other_slashes(string before, string folder, string after, bool found) =>
        Assert.Equal(found, MachinePath().IsMatch($"{before}/{folder}/{after}"));

    [Theory]
    [InlineData("cdn.plot.ly/plotly.js", true)]
    [InlineData("unpkg.com/three", true)]
    [InlineData("doi.org/10.1107/S0909049512000258", false)]
    public void Content_networks_are_told_from_other_addresses(string address, bool found) =>
        Assert.Equal(found, ContentNetwork().IsMatch($"<script src=\"https:" + $"//{address}\">"));

    private static void AssertNowhere(Regex pattern, string what)
    {
        var found = new List<string>();
        foreach (var path in Repository.TrackedFiles.Where(IsText))
        {
            var number = 0;
            foreach (var line in File.ReadLines(Repository.FullPath(path)))
            {
                number++;
                if (pattern.IsMatch(line) && !Allowed.Any(a => a.File == path && line.Contains(a.Text, StringComparison.Ordinal)))
                {
                    found.Add($"{path}:{number}: {(line.Length > 160 ? line[..160] : line).Trim()}");
                }
            }
        }

        Assert.True(found.Count == 0, $"There is {what}:\n{string.Join('\n', found)}");
    }

    private static bool IsText(string path) => TextKinds.Contains(Path.GetExtension(path).ToLowerInvariant());

    [GeneratedRegex(@"(?<![\w.~/:<>*?)}\]-])/(home|root|work|tmp|Users)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?:" + @"//[^\s""'<>]*(\bcdn|unpkg\.com|jsdelivr|googleapis\.com|gstatic\.com)", RegexOptions.IgnoreCase)]
    private static partial Regex ContentNetwork();

    [GeneratedRegex(@"docs/adr/(\d{4})")]
    private static partial Regex Citation();
}
