using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>Iterations on whole volumes are interrupted and go on.</summary>
public sealed class VolumeCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-volume-").FullName;

    public static TheoryData<IterativeMethod> Methods => [.. Enum.GetValues<IterativeMethod>()];

    private string Checkpoints => Path.Combine(_folder, "checkpoints");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_resumed_volume_ends_with_the_bits_of_an_uninterrupted_one(IterativeMethod method)
    {
        var geometry = Cone();
        using var projections = Ball(geometry);
        Resume(method, options => IterativeReconstruction.Run(projections, geometry, options));
    }

    [Theory]
    [InlineData(IterativeMethod.TvPdhg)]
    [InlineData(IterativeMethod.TvFista)]
    [InlineData(IterativeMethod.AsdPocs)]
    public void So_does_a_stack_of_slices_with_variation_across_them(IterativeMethod method)
    {
        using var projections = IterativeRunTests.Noisy(21);
        Resume(method, options => IterativeReconstruction.Run(projections, RotationAxis.Middle(48), options with { TvAcrossSlices = true }));
    }

    [Fact]
    public void Checkpoints_of_another_geometry_or_of_other_data_are_refused_and_damage_is_told()
    {
        var geometry = Cone();
        using var projections = Ball(geometry);
        var options = new IterativeOptions { Iterations = 4, CheckpointEvery = 2, CheckpointFolder = Checkpoints };
        using var first = IterativeReconstruction.Run(projections, geometry, options);
        var moved = new ConeGeometry(
            geometry.AnglesDegrees, geometry.RowCount, geometry.ColumnCount, SomeGeometries.Mm(61), SomeGeometries.Mm(90), SomeGeometries.Mm(0.6), imageSize: 20, sliceCount: 18);
        Assert.Contains("another run", Assert.Throws<InvalidOperationException>(
            () => IterativeReconstruction.Run(projections, moved, options)).Message, StringComparison.Ordinal);
        projections.Frame(2)[300] += 1;
        Assert.Contains("other projections", Assert.Throws<InvalidOperationException>(
            () => IterativeReconstruction.Run(projections, geometry, options)).Message, StringComparison.Ordinal);
        projections.Frame(2)[300] -= 1;
        var file = Path.Combine(Checkpoints, "slab-0000.finished");
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(
            () => IterativeReconstruction.Run(projections, geometry, options)).Message, StringComparison.Ordinal);
    }

    private void Resume(IterativeMethod method, Func<IterativeOptions, IterativeResult> run)
    {
        var options = new IterativeOptions { Method = method, Iterations = 7, CheckpointEvery = 2, Subsets = DeterminismTests.Subsets(method) };
        using var whole = run(options);
        options = options with { CheckpointFolder = Checkpoints, PreviewEvery = 1 };
        using var source = new CancellationTokenSource();
        using (RunContext.Use(new RunContext { CancellationToken = source.Token }))
        {
            var stop = new IterativeRunTests.Listener<IterationPreview>(p =>
            {
                if (p.Iteration == 5)
                {
                    source.Cancel();
                }
            });
            Assert.ThrowsAny<OperationCanceledException>(() => run(options with { Preview = stop }));
        }

        Assert.Equal(
            ["run.txt", "slab-0000.running"], Directory.GetFiles(Checkpoints).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));
        var iterations = new List<int>();
        using var resumed = run(options with { Preview = new IterativeRunTests.Listener<IterationPreview>(p => iterations.Add(p.Iteration)) });
        Assert.Equal([5, 6, 7], iterations);
        Same(whole, resumed);
        using var finished = run(options);
        Same(whole, finished);
    }

    private static void Same(IterativeResult expected, IterativeResult found)
    {
        for (var z = 0; z < expected.Volume.SliceCount; z++)
        {
            Assert.True(expected.Volume.Slice(z).SequenceEqual(found.Volume.Slice(z)), $"slice {z}");
        }

        Assert.Equal(expected.History, found.History);
        Assert.Equal(expected.Stops, found.Stops);
    }

    private static ConeGeometry Cone() => new(
        Phantoms.Angles(20, 360), 26, 30, SomeGeometries.Mm(60), SomeGeometries.Mm(90), SomeGeometries.Mm(0.6), imageSize: 20, sliceCount: 18);

    private static MemoryProjectionStack Ball(ConeGeometry geometry) =>
        new EllipsoidPhantom([Ellipsoid.Ball(1, -1, 0, 6, 0.1)]).Project(geometry);
}
