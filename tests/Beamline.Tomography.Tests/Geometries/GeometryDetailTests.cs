using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Iterative;

namespace Beamline.Tomography.Tests;

/// <summary>Edges of slabs, rows, slices and steps, where a mistake of one shows in no picture.</summary>
public sealed class GeometryDetailTests
{
    [Theory]
    [InlineData("cone"), InlineData("cone with large pixels"), InlineData("rolled cone"), InlineData("laminography"), InlineData("steep laminography")]
    public void A_slab_reads_the_detector_rows_that_its_voxels_need_and_hardly_more(string kind)
    {
        var geometry = SomeGeometries.All[kind].ToVectors();
        ViewMatrix[] matrices = [.. geometry.Views.Select(v => ViewMatrix.Of(geometry, v))];
        var half = geometry.ImageCenter;
        foreach (var (first, count) in new[] { (0, 5), (5, 6), (11, 16) })
        {
            var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var z = first; z < Math.Min(first + count, geometry.SliceCount); z++)
            {
                for (var i = 0; i < geometry.ImageSize * geometry.ImageSize; i++)
                {
                    var point = new Vector3D((i % geometry.ImageSize) - half, (i / geometry.ImageSize) - half, z - ((geometry.SliceCount - 1) / 2.0));
                    foreach (var row in matrices.Select(m => m.Row(point)))
                    {
                        (least, most) = (Math.Min(least, row), Math.Max(most, row));
                    }
                }
            }

            // A value between two rows needs both.
            var needed = (First: (int)Math.Clamp(Math.Floor(least), 0, geometry.RowCount - 1), Last: (int)Math.Clamp(Math.Floor(most) + 1, 0, geometry.RowCount - 1));
            var read = ViewPlan.RowsOf(geometry, first, count);
            Assert.InRange(read.First, needed.First - 1, needed.First);
            Assert.InRange(read.First + read.Count - 1, needed.Last, needed.Last + 1);
        }
    }

    [Fact]
    public void Each_row_of_a_cone_is_weighed_by_the_cosine_of_its_ray()
    {
        var cone = new ConeGeometry(
            Phantoms.Angles(60, 360), 41, 26, SomeGeometries.Mm(30), SomeGeometries.Mm(60), SomeGeometries.Mm(2), new RotationAxis(12.25), 14, imageSize: 18, sliceCount: 16);
        var geometry = cone.ToVectors();
        var weights = RayWeights.Circle(geometry, cone.AnglesDegrees, null, RunContext.Current);
        using var slab = new InterleavedSlab(60, 26, 32, SlabShape.Pad);
        const int FirstRow = 8;
        for (var i = 0; i < 60 * 26 * 32; i++)
        {
            slab[i / (26 * 32), i / 32 % 26, i % 32] = 1;
        }

        weights.Apply(slab, FirstRow, 32, RunContext.Current);
        foreach (var (column, row) in new[] { (0, 0), (25, 0), (12, 6), (3, 31), (25, 31) })
        {
            // From the definition: the distance of the detector's plane over the length of the ray. A full turn counts each ray by one half.
            var (u, v) = ((column - 12.5) * 2, (FirstRow + row - 14) * 2.0);
            var (shiftU, shiftV) = ((12.25 - 12.5) * 2, 0.0);
            var (acrossU, acrossV) = (u - shiftU, v - shiftV);
            var cosine = 60 / Math.Sqrt((60 * 60) + (acrossU * acrossU) + (acrossV * acrossV));
            Assert.Equal(cosine / 2, slab[7, column, row], 2e-6);
        }
    }

    [Theory]
    [InlineData(63), InlineData(-63)]
    public void Padding_slices_that_lie_behind_the_source_disturb_no_slice(double pitch)
    {
        // The last eight slices share a vector with eight that are none. Fewer rows than two vectors hold: the quick way is taken.
        const int Size = 10, Slices = 24, Rows = 26, Columns = 40;
        var row = Math.Tan(pitch * Math.PI / 180);
        GeometryView[] views = [.. Phantoms.Angles(5, 360).Select(a =>
        {
            var (sin, cos) = Math.SinCos(a * Math.PI / 180);
            var forward = new Vector3D(-sin, cos, 0);
            // Rolled a little, so that columns depend on the slice as well.
            return new GeometryView(forward * -36, forward * 20, new Vector3D(cos, sin, 0.2), Vector3D.UnitZ + (forward * row));
        })];
        var geometry = VectorGeometry.Cone(views, Rows, Columns, Size, Slices);
        Assert.True(Math.Abs(ViewMatrix.Of(geometry, views[0]).D.Z) * 19 > 1, "a slice behind the last one must lie behind the source, or nothing is tested");
        using var table = new ViewTable(geometry, Rows, [1, 2, 3, 4, 5]);
        using var runs = new ProjectionRuns(5, Columns, Rows);
        runs.Begin(0, Rows);
        Fill(runs);
        using var expected = new InterleavedSlab(Size, Size, 32, SlabShape.Pad);
        using var found = new InterleavedSlab(Size, Size, 32, SlabShape.Pad);
        var place = new BandPlace(0, 0, Slices, Size, Slices);
        new ScalarViewBackend().Backproject(runs, table, expected, place, RunContext.Current);
        new SimdViewBackend().Backproject(runs, table, found, place, RunContext.Current);
        for (var i = 0; i < Size * Size * 32; i++)
        {
            var (y, x, lane) = (i / 32 / Size, i / 32 % Size, i % 32);
            Assert.True(float.IsFinite(found[y, x, lane]), $"slice {lane}");
            if (lane < Slices)
            {
                Assert.Equal(expected[y, x, lane], found[y, x, lane], 1e-3f * Math.Max(1, expected[y, x, lane]));
            }
        }

        static unsafe void Fill(ProjectionRuns runs)
        {
            var random = new Random(1);
            for (var i = 0; i < 5 * Columns; i++)
            {
                for (var r = 0; r < Rows; r++)
                {
                    runs.Column0(i / Columns)[((long)(i % Columns) * runs.Run) + 1 + r] = random.NextSingle();
                }
            }
        }
    }

    [Fact]
    public void What_is_the_same_in_all_slices_reads_its_attenuation_on_a_rolled_detector()
    {
        // Rows that lie across a column by 10 degrees see it 1 / cos(10 degrees) wider: 1.5 % where a wrong distance of columns would show.
        var geometry = new ConeGeometry(
            Phantoms.Angles(180, 360), 96, 96, SomeGeometries.Mm(300), SomeGeometries.Mm(400), SomeGeometries.Mm(0.2), detectorRollDegrees: 10, imageSize: 72, sliceCount: 4);
        var mu = 5 * geometry.VoxelSize.Centimeters;
        using var projections = new EllipsoidPhantom([new Ellipsoid(new Vector3D(2, -3, 0), new Vector3D(20, 17, 1e5), 20, mu)]).Project(geometry, subRays: 2);
        using var volume = Reconstruction.Fdk(projections, geometry);
        Assert.InRange(IterativeValueTests.Mean(volume, 2, 35.5 + 2, 35.5 - 3, 6), 5 * 0.995, 5 * 1.005);
    }

    [Fact]
    public void Total_variation_across_slices_settles_where_no_ray_goes()
    {
        // Corners that no ray sees move by the variation alone. In a pattern that changes its sign from each voxel to the next, the steps of
        // the primal-dual method must fit three directions: with those of two they overshoot, and it never settles.
        const int N = 16, Rows = 8;
        using var projections = new MemoryProjectionStack([0, 90], Rows, 4) { Quantity = Quantity.LineIntegral };
        for (var i = 0; i < 2 * Rows * 4; i++)
        {
            projections.Frame(i / (Rows * 4))[i % (Rows * 4)] = 1;
        }

        using var start = new Volume(Rows, N, N);
        for (var i = 0; i < Rows * N * N; i++)
        {
            start[i / (N * N), i / N % N, i % N] = (((i / (N * N)) + (i / N % N) + (i % N)) & 1) == 0 ? 0.01f : -0.01f;
        }

        using var result = IterativeReconstruction.Run(projections, RotationAxis.Middle(4), new IterativeOptions
        {
            Method = IterativeMethod.TvPdhg, Iterations = 150, TvAcrossSlices = true, Regularization = 1, ImageSize = N, Start = start,
        });
        for (var z = 1; z < Rows; z++)
        {
            Assert.InRange(Math.Abs(result.Volume[z, 1, 1] - result.Volume[z - 1, 1, 1]), 0, 1e-4);
        }
    }
}
