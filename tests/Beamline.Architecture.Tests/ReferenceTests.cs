namespace Beamline.Architecture.Tests;

/// <summary>References point down, and each heavy library has one owner.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> ProjectNames => [.. Repository.Projects.Select(p => p.Name)];

    [Theory, MemberData(nameof(ProjectNames))]
    public void Project_references_point_down(string name)
    {
        var project = Find(name);
        Assert.True(
            Floors.Below.ContainsKey(project.Floor),
            $"{name} has no floor: add it to docs/architecture.md and to Floors.Below.");
        var up = project.ProjectReferences.Except(Floors.Below[project.Floor]);
        Assert.True(!up.Any(), $"{name} must not refer to {string.Join(", ", up)}: allowed are {Allowed(project)}.");
    }

    [Theory, MemberData(nameof(ProjectNames))]
    public void Compiled_assemblies_use_only_what_lies_below(string name)
    {
        // A project file can be innocent and the code still use what came in through another project.
        var project = Find(name);
        var up = project.UsedAssemblies()
            .Select(a => a == "beamline" ? "Beamline.Cli" : a)
            .Where(a => a.StartsWith("Beamline.", StringComparison.Ordinal))
            .Select(a => a["Beamline.".Length..])
            .Except(Floors.Below[project.Floor]);
        Assert.True(!up.Any(), $"{name} uses types of {string.Join(", ", up)}: allowed are {Allowed(project)}.");
    }

    [Theory, MemberData(nameof(ProjectNames))]
    public void Heavy_packages_are_referred_to_by_their_owner_only(string name)
    {
        var project = Find(name);
        var foreign = project.PackageReferences.Where(
            package => Users(package) is { } users && users[0] != project.Floor);
        Assert.True(!foreign.Any(), $"{name} must not refer to {string.Join(", ", foreign)}: another project owns it (Floors.PackageUsers).");
    }

    [Theory, MemberData(nameof(ProjectNames))]
    public void Compiled_assemblies_use_no_package_of_another_project(string name)
    {
        var project = Find(name);
        var foreign = project.UsedAssemblies().Where(
            assembly => Users(assembly) is { } users && !users.Contains(project.Floor));
        Assert.True(!foreign.Any(), $"{name} uses types of {string.Join(", ", foreign)}: go through the project that owns it (Floors.PackageUsers).");
    }

    [Theory, MemberData(nameof(ProjectNames))]
    public void Science_knows_no_notebook(string name)
    {
        var project = Find(name);
        if (!Floors.Science.Contains(project.Floor))
        {
            return;
        }

        string[] notebook = ["Notebook", "Kernel", "Display", "Extension"];
        Assert.Empty(project.ProjectReferences.Intersect(notebook));
        Assert.Empty(project.UsedAssemblies().Intersect(notebook.Select(n => "Beamline." + n)));
    }

    [Fact]
    public void The_looked_at_assemblies_are_real()
    {
        // Guards the tests above against looking at nothing: these uses must be there.
        Assert.Contains("ILGPU", Find("Beamline.Compute").UsedAssemblies());
        Assert.Contains("PureHDF", Find("Beamline.Data").UsedAssemblies());
        Assert.Contains("Beamline.Arrays", Find("Beamline.Tomography").UsedAssemblies());
    }

    [Theory]
    [InlineData("SkiaSharp.NativeAssets.Linux.NoDependencies", "Display")]
    [InlineData("ILGPU.Algorithms", "Compute")]
    [InlineData("Microsoft.CodeAnalysis.CSharp", "Kernel")]
    public void Owners_are_found_by_the_start_of_a_package_name(string package, string owner) =>
        Assert.Equal(owner, Users(package)![0]);

    private static SourceProject Find(string name) => Repository.Projects.Single(p => p.Name == name);

    private static string[]? Users(string package) =>
        Floors.PackageUsers.FirstOrDefault(p => package.StartsWith(p.Key, StringComparison.Ordinal)).Value;

    private static string Allowed(SourceProject project) =>
        Floors.Below[project.Floor] is { Length: > 0 } below ? string.Join(", ", below) : "none";
}
