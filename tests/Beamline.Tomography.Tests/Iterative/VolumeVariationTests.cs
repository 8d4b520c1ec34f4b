using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Iterative;

namespace Beamline.Tomography.Tests;

/// <summary>Total variation across slices, against sums written out in double precision.</summary>
public sealed class VolumeVariationTests
{
    private const int Size = 5;

    [Theory]
    [InlineData(1), InlineData(7), InlineData(16), InlineData(21)]
    public void The_value_is_the_sum_of_the_lengths_of_all_differences(int depth)
    {
        var variation = new TotalVariation(depth);
        using var x = Random(depth, 1);
        double expected = 0;
        Each(depth, (z, y, i) => expected += Math.Sqrt(Gradient(x, depth, z, y, i).Sum(d => d * d)));
        Assert.All(variation.Value(x), v => Assert.Equal(expected, v, 1e-5 * expected));
    }

    [Theory]
    [InlineData(2), InlineData(9), InlineData(21)]
    public void The_divergence_is_minus_the_transpose_of_the_differences(int depth)
    {
        var variation = new TotalVariation(depth);
        using var u = Random(depth, 2);
        InterleavedSlab[] p = [Empty(depth), Empty(depth), Empty(depth)];
        // One long step with a wide limit makes p the differences of another volume, which are 0 across the far ends.
        using var other = Random(depth, 3);
        variation.Ascend(other, p, 1, [.. Enumerable.Repeat(1e9, 16)]);
        double left = 0, right = 0;
        Each(depth, (z, y, i) => left += Gradient(u, depth, z, y, i).Select((d, k) => d * At(p[k], z, y, i)).Sum());
        using var zero = Empty(depth);
        using var divergence = Empty(depth);
        variation.FromDual(zero, p, divergence, float.NegativeInfinity, float.PositiveInfinity);
        Each(depth, (z, y, i) => right -= At(divergence, z, y, i) * (double)At(u, z, y, i));
        Assert.Equal(left, right, 1e-5 * Math.Abs(left));
        using var subtracted = Empty(depth);
        variation.SubtractDivergence(subtracted, p);
        Each(depth, (z, y, i) => Assert.Equal(-At(divergence, z, y, i), At(subtracted, z, y, i)));
        Array.ForEach(p, s => s.Dispose());
    }

    [Fact]
    public void A_dual_vector_is_cut_to_its_length()
    {
        const int Depth = 9;
        var variation = new TotalVariation(Depth);
        using var u = Random(Depth, 4);
        InterleavedSlab[] p = [Empty(Depth), Empty(Depth), Empty(Depth)];
        variation.Ascend(u, p, 10, [.. Enumerable.Repeat(0.5, 16)]);
        Each(Depth, (z, y, i) => Assert.InRange(p.Sum(s => Math.Pow(At(s, z, y, i), 2)), 0, 0.25 * 1.00001));
        Assert.Contains(Enumerable.Range(0, Depth), z => p.Sum(s => Math.Pow(At(s, z, 1, 1), 2)) > 0.249);
        Array.ForEach(p, s => s.Dispose());
    }

    [Theory]
    [InlineData(3), InlineData(16), InlineData(21)]
    public void The_gradient_is_the_change_of_the_value(int depth)
    {
        const double Smooth = 0.1;
        var variation = new TotalVariation(depth);
        using var x = Random(depth, 5);
        using var g = Empty(depth);
        var square = variation.Gradient(x, g, [.. Enumerable.Repeat(Smooth, 16)])[0];
        double sum = 0;
        foreach (var (z, y, i) in new[] { (0, 0, 0), (depth - 1, Size - 1, Size - 1), (depth / 2, 2, 0), (depth - 1, 0, 3), (depth / 2, 3, 3) })
        {
            Assert.Equal(Difference(z, y, i), At(g, z, y, i), 2e-3);
        }

        Each(depth, (z, y, i) => sum += Math.Pow(At(g, z, y, i), 2));
        Assert.Equal(sum, square, 1e-5 * sum);

        double Difference(int z, int y, int i)
        {
            const float Step = 1e-3f;
            var before = At(x, z, y, i);
            Set(x, z, y, i, before + Step);
            var more = Smoothed();
            Set(x, z, y, i, before - Step);
            var less = Smoothed();
            Set(x, z, y, i, before);
            return (more - less) / (2 * Step);
        }

        double Smoothed()
        {
            double value = 0;
            Each(depth, (z, y, i) => value += Math.Sqrt(Gradient(x, depth, z, y, i).Sum(d => d * d) + (Smooth * Smooth)));
            return value;
        }
    }

    [Theory]
    [InlineData(IterativeMethod.TvPdhg, 3e-3)]
    [InlineData(IterativeMethod.TvFista, 3e-3)]
    [InlineData(IterativeMethod.AsdPocs, null)]
    public void A_sample_that_is_the_same_in_all_slices_loses_more_noise_across_them(IterativeMethod method, double? strength)
    {
        const int N = 40, Rows = 12;
        var axis = RotationAxis.Middle(N);
        using var projections = Phantoms.Project([new(0.1, 0, 0.6, 0.02)], Phantoms.Angles(20), 1, N, axis.Column);
        using var noisy = new MemoryProjectionStack(projections.AnglesDegrees, Rows, N) { Quantity = Quantity.LineIntegral };
        var random = new Random(3);
        for (var a = 0; a < 20; a++)
        {
            for (var i = 0; i < Rows * N; i++)
            {
                noisy.Frame(a)[i] = projections.Frame(a)[i % N] + (0.1f * (random.NextSingle() - 0.5f));
            }
        }

        var options = new IterativeOptions { Method = method, Iterations = 60, Regularization = strength };
        using var within = IterativeReconstruction.Run(noisy, axis, options);
        using var across = IterativeReconstruction.Run(noisy, axis, options with { TvAcrossSlices = true });
        Assert.Equal(Rows, across.Volume.SliceCount);
        Assert.Single(across.Stops);
        Assert.InRange(Roughness(across.Volume), 0, (method == IterativeMethod.AsdPocs ? 0.9 : 0.6) * Roughness(within.Volume));
        Assert.InRange(IterativeValueTests.Mean(across.Volume, 6, 21.5, 19.5, 5), 0.0195, 0.0205);
        // The same rays in the same order: a stack of slices is projected as the slices are.
        Assert.Equal(within.History[0].RelativeResidual, across.History[0].RelativeResidual, 1e-6);
    }

    [Theory]
    [InlineData(IterativeMethod.TvPdhg)]
    [InlineData(IterativeMethod.TvFista)]
    [InlineData(IterativeMethod.AsdPocs)]
    public void Every_slice_of_a_stack_comes_out_in_its_place(IterativeMethod method)
    {
        // 37 rows are three pieces of 16 slices, the last one not full; each row is a little fainter than the one before.
        const int N = 40, Rows = 37;
        using var projections = Phantoms.Project([new(0.1, 0, 0.6, 0.02)], Phantoms.Angles(30), Rows, N, 19.5);
        using var result = IterativeReconstruction.Run(
            projections, RotationAxis.Middle(N), new IterativeOptions { Method = method, Iterations = 60, TvAcrossSlices = true });
        for (var z = 0; z < Rows; z++)
        {
            var truth = 0.02 * (1 - (0.25 * z / Rows));
            Assert.InRange(IterativeValueTests.Mean(result.Volume, z, 21.5, 19.5, 4), 0.98 * truth, 1.02 * truth);
        }
    }

    [Fact]
    public void Volumes_of_a_geometry_can_be_told_to_stay_within_slices_and_others_are_refused()
    {
        var geometry = SomeGeometries.All["cone"];
        using var projections = new Beamline.Data.Simulation.EllipsoidPhantom(
            [Beamline.Data.Simulation.Ellipsoid.Ball(0, 0, 0, 5, 0.1)]).Project(geometry);
        var options = new IterativeOptions { Method = IterativeMethod.TvPdhg, Iterations = 15, Regularization = 0.05 };
        using var whole = IterativeReconstruction.Run(projections, geometry, options);
        using var across = IterativeReconstruction.Run(projections, geometry, options with { TvAcrossSlices = true });
        using var within = IterativeReconstruction.Run(projections, geometry, options with { TvAcrossSlices = false });
        Assert.Equal(0, IterativeValueTests.Difference(across.Volume, whole.Volume));
        Assert.InRange(IterativeValueTests.Difference(within.Volume, whole.Volume), 0.01, 1);
        Assert.Contains("no total variation", Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(
            projections, geometry, new IterativeOptions { TvAcrossSlices = true })).Message, StringComparison.Ordinal);
        using var tight = RunContext.Use(new RunContext { MemoryLimitBytes = 1 });
        using var slices = IterativeRunTests.Noisy(20);
        Assert.Contains("TvAcrossSlices", Assert.Throws<InsufficientMemoryException>(
            () => IterativeReconstruction.Plan(slices, options with { TvAcrossSlices = true })).Message, StringComparison.Ordinal);
    }

    /// <summary>Mean squared difference between neighboring slices.</summary>
    private static double Roughness(Volume volume)
    {
        double sum = 0;
        for (var z = 1; z < volume.SliceCount; z++)
        {
            for (var i = 0; i < volume.Slice(z).Length; i++)
            {
                sum += Math.Pow(volume.Slice(z)[i] - volume.Slice(z - 1)[i], 2);
            }
        }

        return sum;
    }

    private static double[] Gradient(InterleavedSlab x, int depth, int z, int y, int i)
    {
        double here = At(x, z, y, i);
        return
        [
            i + 1 < Size ? At(x, z, y, i + 1) - here : 0, y + 1 < Size ? At(x, z, y + 1, i) - here : 0, z + 1 < depth ? At(x, z + 1, y, i) - here : 0,
        ];
    }

    private static void Each(int depth, Action<int, int, int> voxel)
    {
        for (var y = 0; y < Size; y++)
        {
            for (var i = 0; i < Size; i++)
            {
                for (var z = 0; z < depth; z++)
                {
                    voxel(z, y, i);
                }
            }
        }
    }

    private static InterleavedSlab Empty(int depth) => VolumeSlabs.Shape(Size, Size, depth).Allocate(VolumeSlabs.Lanes);

    private static InterleavedSlab Random(int depth, int seed)
    {
        var slab = Empty(depth);
        var random = new Random(seed);
        Each(depth, (z, y, i) => Set(slab, z, y, i, random.NextSingle()));
        return slab;
    }

    private static unsafe float At(InterleavedSlab slab, int z, int y, int x) => VolumeSlabs.Run(slab, y, x, slab.PiecesOfDepth * VolumeSlabs.Lanes)[z];

    private static unsafe void Set(InterleavedSlab slab, int z, int y, int x, float value) =>
        VolumeSlabs.Run(slab, y, x, slab.PiecesOfDepth * VolumeSlabs.Lanes)[z] = value;
}
