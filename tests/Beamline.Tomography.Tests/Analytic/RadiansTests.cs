using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Angles in radians by mistake: every method says so.</summary>
public sealed class RadiansTests
{
    private const int Views = 40;

    private static readonly Dictionary<string, Action<double[]>> Methods = new(StringComparer.Ordinal)
    {
        ["fbp"] = angles => Reconstruction.Fbp(Stack(angles), RotationAxis.Middle(24)).Dispose(),
        ["fourier"] = angles => Reconstruction.Fourier(Stack(angles), RotationAxis.Middle(24)).Dispose(),
        ["fan"] = angles => Reconstruction.Fan(Stack(angles), new FanGeometry(angles, 24, Mm(60), Mm(90), Mm(0.5))).Dispose(),
        ["fdk"] = angles => Reconstruction.Fdk(Stack(angles), new ConeGeometry(angles, 2, 24, Mm(60), Mm(90), Mm(0.5))).Dispose(),
        ["laminography"] = angles => Reconstruction.Laminography(Stack(angles), new LaminographyGeometry(angles, 2, 24, 20)).Dispose(),
        ["vectors"] = angles => Reconstruction.Fbp(Stack(angles), new ParallelGeometry(angles, 24, null).ToVectors()).Dispose(),
        ["iterative"] = angles => IterativeReconstruction.Run(Stack(angles), RotationAxis.Middle(24), new IterativeOptions { Iterations = 1 }).Volume.Dispose(),
        ["iterative cone"] = angles => IterativeReconstruction.Run(
            Stack(angles), new ConeGeometry(angles, 2, 24, Mm(60), Mm(90), Mm(0.5)), new IterativeOptions { Iterations = 1 }).Volume.Dispose(),
        ["iterative fan"] = angles => IterativeReconstruction.Run(
            Stack(angles), new FanGeometry(angles, 24, Mm(60), Mm(90), Mm(0.5)), new IterativeOptions { Iterations = 1 }).Volume.Dispose(),
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Angles_in_radians_are_told_and_angles_in_degrees_are_not(string method)
    {
        Assert.Contains(Warnings(method, Phantoms.Angles(Views, Math.PI)), w => w.Contains("180 / pi", StringComparison.Ordinal));
        // A full turn about 0, so that the directions go around the end of the circle.
        Assert.Contains(
            Warnings(method, [.. Phantoms.Angles(Views, 2 * Math.PI).Select(a => a - Math.PI)]), w => w.Contains("180 / pi", StringComparison.Ordinal));
        Assert.DoesNotContain(Warnings(method, Phantoms.Angles(Views, 360)), w => w.Contains("radians", StringComparison.Ordinal));
        Assert.DoesNotContain(Warnings(method, [.. Phantoms.Angles(Views, 20).Select(a => a - 10)]), w => w.Contains("radians", StringComparison.Ordinal));
    }

    private static List<string> Warnings(string method, double[] angles)
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        Methods[method](angles);
        return warnings;
    }

    private static MemoryProjectionStack Stack(double[] angles) => Phantoms.Project(Phantoms.Three, angles, 2, 24, 11.5);

    private static Length Mm(double value) => Length.FromMillimeters(value);
}
