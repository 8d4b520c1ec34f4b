namespace Beamline.Architecture.Tests;

/// <summary>Who may stand on whom. A new project gets its line here, from docs/architecture.md.</summary>
internal static class Floors
{
    /// <summary>Each project, and the projects below it that it may refer to.</summary>
    internal static IReadOnlyDictionary<string, string[]> Below { get; } = new Dictionary<string, string[]>
    {
        ["Arrays"] = [],
        ["Notebook"] = [],
        ["Compute"] = ["Arrays"],
        ["Data"] = ["Arrays", "Compute"],
        ["Tomography"] = ["Arrays", "Compute", "Data"],
        ["Ptychography"] = ["Arrays", "Compute", "Data"],
        ["Packages"] = ["Arrays", "Compute", "Notebook"],
        ["Learning"] = ["Arrays", "Compute", "Data", "Tomography", "Packages"],
        ["Display"] = ["Arrays", "Compute", "Data", "Notebook"],
        ["Remote"] = ["Arrays", "Compute", "Data", "Notebook"],
        ["Endpoint"] = ["Compute", "Remote"],
        ["Kernel"] = ["Arrays", "Compute", "Notebook", "Packages", "Remote"],
        ["Extension"] = ["Arrays", "Compute", "Data", "Tomography", "Ptychography", "Learning", "Display", "Notebook", "Remote"],
        ["Cli"] =
        [
            "Arrays", "Compute", "Data", "Tomography", "Ptychography", "Learning", "Display", "Notebook", "Packages", "Kernel", "Extension", "Remote", "Endpoint",
        ],
    };

    /// <summary>Projects that compute: they know the run context, and neither cells nor front ends.</summary>
    internal static IReadOnlyList<string> Science { get; } = ["Arrays", "Compute", "Data", "Tomography", "Ptychography", "Learning"];

    /// <summary>Start of the name of a heavy or native package, and the projects that may use its types.</summary>
    /// <remarks>The first project of each line owns the package: only it may have the reference in its project file.</remarks>
    internal static IReadOnlyDictionary<string, string[]> PackageUsers { get; } = new Dictionary<string, string[]>
    {
        // A GPU kernel lies beside its algorithm, so its types are used there, too.
        ["ILGPU"] = ["Compute", "Tomography", "Ptychography"],
        ["PureHDF"] = ["Data"],
        ["BitMiracle."] = ["Data"],
        // The extension makes the charts' own types known to cells, where users go on with them.
        ["Plotly.NET"] = ["Display", "Extension"],
        ["SkiaSharp"] = ["Display"],
        ["FSharp.Core"] = ["Display"],
        ["Microsoft.CodeAnalysis"] = ["Kernel"],
        ["NetMQ"] = ["Kernel"],
        ["Markdig"] = ["Kernel"],
        ["YamlDotNet"] = ["Kernel"],
        ["NuGet.Versioning"] = ["Packages", "Kernel"],
        ["System.CommandLine"] = ["Cli"],
        ["MathNet.Numerics"] = ["Tomography", "Ptychography"],
        ["TorchSharp"] = ["Learning"],
    };
}
