using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>What the methods give, against discs whose projections are known, and against each other.</summary>
public sealed class IterativeValueTests
{
    private const int N = 96;
    private static readonly RotationAxis Middle = RotationAxis.Middle(N);

    public static TheoryData<IterativeMethod> Methods => [.. Enum.GetValues<IterativeMethod>()];

    public static TheoryData<IterativeMethod> Bounded =>
        [.. Enum.GetValues<IterativeMethod>().Except([IterativeMethod.Cgls, IterativeMethod.Lsqr, IterativeMethod.Tikhonov])];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_uniform_disc_reads_its_attenuation_in_the_middle(IterativeMethod method)
    {
        // 20 micrometers a pixel and 0.01 a pixel are 5 per centimeter.
        using var projections = Phantoms.Project([new(0.05, -0.03, 0.7, 0.01)], Phantoms.Angles(120), 1, N, Middle.Column, Length.FromMicrometers(20));
        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method });
        Assert.Equal(Quantity.AttenuationPerCentimeter, result.Volume.Quantity);
        Assert.Equal(VoxelSize.Cube(Length.FromMicrometers(20)), result.Volume.VoxelSize);
        Assert.InRange(Mean(result.Volume, 0, 50, 46, 12), 5 * 0.995, 5 * 1.005);
        Assert.All(result.Stops, s => Assert.Equal(StopReason.IterationLimit, s.Reason));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Off_middle_axis_other_size_and_a_few_slices_come_out_in_place(IterativeMethod method)
    {
        const int Rows = 3;
        Phantoms.Disc[] small = [new(0.05, 0.1, 0.3, 0.02)];
        using var projections = Phantoms.Project(small, Phantoms.Angles(90), Rows, N, 40);
        using var result = IterativeReconstruction.Run(projections, new RotationAxis(40), new IterativeOptions { Method = method, ImageSize = 64 });
        Assert.Equal((Rows, 64, 64), (result.Volume.SliceCount, result.Volume.RowCount, result.Volume.ColumnCount));
        for (var z = 0; z < Rows; z++)
        {
            // The discs are given in halves of the detector's width, from the axis.
            var truth = 0.02 * (1 - (0.25 * z / Rows));
            Assert.InRange(Mean(result.Volume, z, 31.5 + (0.05 * 48), 31.5 + (0.1 * 48), 5), truth * 0.98, truth * 1.02);
        }
    }

    [Theory]
    [InlineData(IterativeMethod.Lsqr)]
    [InlineData(IterativeMethod.Tikhonov)]
    public void Krylov_methods_give_the_same_iterates_as_CGLS(IterativeMethod method)
    {
        // Later on single precision loses orthogonality, at other places in each of them.
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 2, N, Middle.Column);
        var options = new IterativeOptions { Method = method, Iterations = 4, Regularization = method == IterativeMethod.Tikhonov ? 0 : null };
        using var one = IterativeReconstruction.Run(projections, Middle, options);
        using var other = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 4 });
        Assert.InRange(Difference(one.Volume, other.Volume), 0, 1e-4);
    }

    [Theory]
    [InlineData(IterativeMethod.OsSart, IterativeMethod.Sirt)]
    [InlineData(IterativeMethod.Osem, IterativeMethod.Mlem)]
    public void One_subset_is_the_method_without_subsets(IterativeMethod method, IterativeMethod whole)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, N, Middle.Column);
        using var one = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method, Subsets = 1, Iterations = 4 });
        using var other = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = whole, Iterations = 4 });
        Assert.Equal(0, Difference(one.Volume, other.Volume));
    }

    [Theory]
    [InlineData(IterativeMethod.OsSart)]
    [InlineData(IterativeMethod.Osem)]
    public void Subsets_are_ahead_after_as_many_iterations(IterativeMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, N, Middle.Column);
        using var many = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method, Subsets = 10, Iterations = 3 });
        using var one = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method, Subsets = 1, Iterations = 3 });
        Assert.True(Error(many.Volume) < 0.7 * Error(one.Volume), $"{Error(many.Volume)} against {Error(one.Volume)}");
    }

    [Fact]
    public void Both_ways_to_total_variation_reach_the_same_minimum()
    {
        const int Size = 48;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(20), 1, Size, (Size - 1) / 2.0);
        var options = new IterativeOptions { Method = IterativeMethod.TvFista, Iterations = 1500, Regularization = 3e-3 };
        using var fista = IterativeReconstruction.Run(projections, RotationAxis.Middle(Size), options);
        using var pdhg = IterativeReconstruction.Run(projections, RotationAxis.Middle(Size), options with { Method = IterativeMethod.TvPdhg });
        Assert.InRange(pdhg.History[^1].Objective / fista.History[^1].Objective, 0.999, 1.001);
        Assert.InRange(Difference(fista.Volume, pdhg.Volume), 0, 0.01);
    }

    [Theory]
    [InlineData(IterativeMethod.TvFista)]
    [InlineData(IterativeMethod.TvPdhg)]
    public void Total_variation_needs_few_angles(IterativeMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(24), 1, N, Middle.Column);
        using var fbp = Reconstruction.Fbp(projections, Middle, new FbpOptions { Filter = FbpFilter.Hann });
        using var tv = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method });
        Assert.True(Error(tv.Volume, flat: true) < Error(fbp, flat: true) / 4, $"{Error(tv.Volume, true)} against {Error(fbp, true)}");
    }

    [Theory]
    [MemberData(nameof(Bounded))]
    public void Bounds_and_masks_hold(IterativeMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 1, N, Middle.Column, Length.FromMicrometers(10));
        var mask = new Image(N, N);
        for (var y = 10; y < 86; y++)
        {
            mask.Row(y)[8..90].Fill(1);
        }

        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions
        {
            Method = method, Iterations = 6, Minimum = 2, Maximum = 21, Mask = mask, MaskOutsideCircle = true,
        });
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var y = 0; y < N; y++)
        {
            for (var x = 0; x < N; x++)
            {
                var inside = mask[y, x] != 0 && Math.Pow(x - 47.5, 2) + Math.Pow(y - 47.5, 2) <= 48 * 48;
                var value = result.Volume[0, y, x];
                Assert.True(inside || value == 0, $"{value} at {y}, {x}");
                (least, most) = inside ? (Math.Min(least, value), Math.Max(most, value)) : (least, most);
            }
        }

        // To float's rounding: bounds are kept in 1/pixel, values given in 1/cm.
        Assert.InRange(least, 2 * (1 - 1e-6), 2.5);
        Assert.InRange(most, 15, 21 * (1 + 1e-6));
    }

    [Theory]
    [InlineData(IterativeMethod.Cgls)]
    [InlineData(IterativeMethod.Lsqr)]
    [InlineData(IterativeMethod.Sirt)]
    [InlineData(IterativeMethod.TvPdhg)]
    [InlineData(IterativeMethod.Mlem)]
    public void A_warm_start_is_taken_up_in_the_units_of_the_result(IterativeMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 2, N, Middle.Column, Length.FromMicrometers(10));
        using var first = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Iterations = 60, NonNegative = true });
        using var second = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = method, Iterations = 1, Start = first.Volume });
        Assert.InRange(second.History[0].RelativeResidual, 0, 1.02 * first.History[^1].RelativeResidual);
    }

    [Fact]
    public void Rays_without_counts_do_not_count_in_PWLS()
    {
        using var clean = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, N, Middle.Column);
        using var broken = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, N, Middle.Column);
        using var weights = new MemoryProjectionStack(clean.AnglesDegrees, 1, N);
        for (var a = 0; a < clean.AngleCount; a++)
        {
            weights.Frame(a).Fill(7);
            weights.Frame(a)[30 + (a % 5)] = 0;
            broken.Frame(a)[30 + (a % 5)] = 25;
        }

        var options = new IterativeOptions { Method = IterativeMethod.Pwls, Weights = weights };
        using var expected = IterativeReconstruction.Run(clean, Middle, options);
        using var found = IterativeReconstruction.Run(broken, Middle, options);
        Assert.InRange(Difference(found.Volume, expected.Volume), 0, 1e-6);
        using var equal = IterativeReconstruction.Run(broken, Middle, new IterativeOptions { Method = IterativeMethod.TvFista, Iterations = 20 });
        Assert.True(Difference(equal.Volume, expected.Volume) > 0.1, "without weights the broken rays show");
    }

    [Fact]
    public void The_history_tells_the_true_residual()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 1, N, Middle.Column);
        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 12 });
        using var projector = new ParallelProjector(new ParallelGeometry(projections.AnglesDegrees, N), ProjectorBackend.Scalar);
        using var x = projector.Domain.Allocate(16);
        using var y = projector.Range.Allocate(16);
        for (var row = 0; row < N; row++)
        {
            x.SetRow(row, 0, result.Volume.Row(0, row));
        }

        projector.Forward(x, y);
        double misfit = 0, data = 0;
        for (var a = 0; a < 30; a++)
        {
            for (var d = 0; d < N; d++)
            {
                var b = projections.Frame(a)[d];
                misfit += Math.Pow(y[a, d, 0] - b, 2);
                data += b * b;
            }
        }

        Assert.Equal(Math.Sqrt(misfit / data), result.History[^1].RelativeResidual, 1e-5);
        Assert.Equal(13, result.History.Count);
        Assert.Equal(1, result.History[0].RelativeResidual, 1e-6);
        Assert.True(double.IsNaN(result.History[0].RelativeChange));
        Assert.All(result.History.Skip(1), h => Assert.InRange(h.RelativeChange, 1e-9, 1.01));
    }

    internal static double Mean(Volume volume, int z, double x, double y, int half)
    {
        double sum = 0;
        for (var dy = -half; dy <= half; dy++)
        {
            for (var dx = -half; dx <= half; dx++)
            {
                sum += volume[z, (int)Math.Round(y) + dy, (int)Math.Round(x) + dx];
            }
        }

        return sum / ((2 * half) + 1) / ((2 * half) + 1);
    }

    internal static double Difference(Volume a, Volume b)
    {
        double difference = 0, norm = 0;
        for (var z = 0; z < a.SliceCount; z++)
        {
            var x = a.Slice(z);
            var y = b.Slice(z);
            for (var i = 0; i < x.Length; i++)
            {
                difference += Math.Pow(x[i] - y[i], 2);
                norm += Math.Pow(y[i], 2);
            }
        }

        return Math.Sqrt(difference / norm);
    }

    /// <summary>Distance to the truth, which is not smoothed; so on request only where all neighbors have the same value.</summary>
    private static double Error(Volume volume, bool flat = false)
    {
        double sum = 0;
        for (var y = 0; y < N; y++)
        {
            for (var x = 0; x < N; x++)
            {
                var truth = Phantoms.Truth(Phantoms.Three, N, x, y);
                if (flat && Enumerable.Range(0, 9).Any(i => Phantoms.Truth(Phantoms.Three, N, x + (i % 3) - 1, y + (i / 3) - 1) != truth))
                {
                    continue;
                }

                sum += Math.Pow(volume[0, y, x] - truth, 2);
            }
        }

        return Math.Sqrt(sum) / N;
    }
}
