using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography;
using Beamline.Tomography.Geometries;

namespace Beamline.Benchmarks;

/// <summary>Voxel updates per second of cone beam, fan beam and laminography, and the error of FDK, on one core.</summary>
internal static class GeometrySpeed
{
    private const int Size = 256;
    private const int Views = 180;
    private const int Slices = 64;

    internal static IEnumerable<BenchRow> Rows()
    {
        var angles = Enumerable.Range(0, Views).Select(i => 360.0 * i / Views).ToArray();
        var (sod, sdd, pixel) = (Length.FromMillimeters(500), Length.FromMillimeters(1000), Length.FromMillimeters(0.4));
        var cone = new ConeGeometry(angles, 96, Size, sod, sdd, pixel, sliceCount: Slices);
        var rolled = new ConeGeometry(angles, 96, Size, sod, sdd, pixel, detectorRollDegrees: 2, sliceCount: Slices);
        var fan = new FanGeometry(angles, Size, sod, sdd, pixel).ToVectors().WithRows(Slices);
        var tilted = new LaminographyGeometry(angles, 192, Size, 30, sliceCount: Slices);
        yield return Quality();
        yield return Backproject("FDK backprojection", cone, 1);
        yield return Backproject("FDK backprojection", cone, 2);
        yield return Backproject("Fan-beam backprojection", fan, 1);
        yield return Backproject("Laminography backprojection", tilted, 1);
        yield return Backproject("FDK backprojection, rolled detector", rolled, 1);
        foreach (var (name, geometry) in new (string, Geometry)[] { ("Cone", cone), ("Fan", fan), ("Laminography", tilted) })
        {
            yield return Project($"{name} forward projection", geometry, true);
            yield return Project($"{name} transpose", geometry, false);
        }
    }

    private static BenchRow Backproject(string name, Geometry geometry, int threads)
    {
        var vectors = geometry.ToVectors();
        var context = new RunContext { MaxThreads = threads, Device = Device.Cpu };
        var (first, count) = ViewPlan.RowsOf(vectors, 0, 32);
        using var views = new ViewTable(vectors, vectors.RowCount, [.. Enumerable.Repeat(1.0, vectors.ViewCount)]);
        using var runs = new ProjectionRuns(vectors.ViewCount, vectors.ColumnCount, count);
        using var band = new InterleavedSlab(Size, Size, 32, SlabShape.Pad);
        using var backend = new SimdViewBackend();
        runs.Begin(first, count);
        return Row(name, (double)Size * Size * 32 * Views, threads, "32 slices", () =>
            backend.Backproject(runs, views, band, new BandPlace(0, 0, 32, Size, vectors.SliceCount), context));
    }

    private static BenchRow Project(string name, Geometry geometry, bool forward)
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = 1, Device = Device.Cpu });
        using var projector = new VectorProjector(geometry, ProjectorBackend.Simd);
        var lanes = projector.Geometry.IsSliceWise ? 32 : 16;
        using var x = projector.Domain.Allocate(lanes);
        using var y = projector.Range.Allocate(lanes);
        var slices = projector.Geometry.IsSliceWise ? lanes : Slices;
        return Row(name, (double)Size * Size * slices * Views, 1, $"{slices} slices, {projector.Geometry.RowCount} rows", () =>
        {
            if (forward)
            {
                projector.Forward(x, y);
            }
            else
            {
                projector.Adjoint(y, x);
            }
        });
    }

    private static BenchRow Row(string name, double updates, int threads, string note, Action action)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = double.PositiveInfinity;
        var wall = Machine.LeastSeconds(3, () =>
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            action();
            process.Refresh();
            cpu = Math.Min(cpu, (process.TotalProcessorTime - before).TotalSeconds);
        });
        return new BenchRow
        {
            Name = name + (threads == 1 ? ", one core" : $", {threads} threads"),
            Value = updates / wall / 1e9,
            Unit = "Gupdates/s",
            Threads = threads,
            Note = $"{Size}x{Size}, {Views} views, {note}; {updates / cpu / 1e9:0.00} by processor time; an update is a voxel and a view",
        };
    }

    /// <summary>The head in three dimensions at a cone angle of 4 degrees, in its middle slice.</summary>
    private static BenchRow Quality()
    {
        const int N = 128;
        var geometry = new ConeGeometry(
            [.. Enumerable.Range(0, 360).Select(i => (double)i)], N, N, Length.FromMillimeters(1000), Length.FromMillimeters(1500), Length.FromMillimeters(1.5));
        var phantom = EllipsoidPhantom.SheppLogan(N);
        using var projections = phantom.Project(geometry);
        using var volume = Reconstruction.Fdk(projections, geometry);
        using var truth = phantom.ToVolume(N, N, 4);
        var scale = (float)geometry.VoxelSize.Centimeters;
        var slice = volume.SliceXY(N / 2);
        var perVoxel = new Image(N, N, [.. slice.Values.ToArray().Select(v => v * scale)]);
        return new BenchRow
        {
            Name = "FDK quality, RMSE of the middle slice",
            Value = ImageQuality.Rmse(truth.SliceXY(N / 2), perVoxel, 0.95),
            Unit = "of 0..1",
            Threads = RunContext.Default.MaxThreads,
            Note = $"Shepp-Logan in three dimensions, {N}^3, 360 views, disc 0.95",
        };
    }
}
