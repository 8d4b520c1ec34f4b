using System.Xml.Linq;

namespace Beamline.Architecture.Tests;

/// <summary>docs/adr/0012 lists every package with the version, the owner and the licence that hold.</summary>
public sealed class DependencyTableTests
{
    private static readonly string[][] Rows =
        [.. File.ReadLines(Repository.FullPath("docs/adr/0012-dependencies.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| Package", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)[1..^1])];

    [Fact]
    public void Every_package_has_a_row_with_its_version_and_nothing_else_has()
    {
        var packages = XDocument.Load(Repository.FullPath("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(e => $"{e.Attribute("Include")!.Value} {e.Attribute("Version")!.Value}");
        Assert.Equal(packages.Order(StringComparer.Ordinal), Rows.Select(r => $"{r[0]} {r[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_row_names_the_project_that_refers_to_the_package()
    {
        foreach (var row in Rows.Where(r => Repository.Projects.Any(p => p.Floor == r[2])))
        {
            Assert.Contains(row[0], Repository.Projects.Single(p => p.Floor == row[2]).PackageReferences);
        }

        Assert.True(Rows.Count(r => Repository.Projects.Any(p => p.Floor == r[2])) >= 14, "The owners in the table are not names of projects.");
    }

    [Fact]
    public void No_licence_is_strong_copyleft() => Assert.DoesNotContain(
        Rows, r => r[3].StartsWith("GPL", StringComparison.Ordinal) || r[3].StartsWith("AGPL", StringComparison.Ordinal) || r[3].Length == 0);
}
