using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>A subset of the rays: its operator, its rows in the whole, and what its rows and columns sum up to.</summary>
internal sealed record RaySubset(MaskedOperator Operator, int[] Rows, float[] InverseRowSums, float[] InverseColumnSums);

/// <summary>What all slabs of a run share: the operator, its sums and norm, the mask and the bounds, in 1/pixel.</summary>
internal sealed class IterativeProblem : IDisposable
{
    /// <summary>Rays that cross less than this many pixels tell nothing, and would be blown up by their inverse.</summary>
    private const float LeastSum = 1e-3f;

    private const int ProbeLanes = 16;
    private readonly ILinearOperator _inner;

    /// <param name="inner">The operator; disposed with the problem.</param>
    /// <param name="options">Method, bounds and so on.</param>
    /// <param name="mask">1 inside and 0 outside.</param>
    /// <param name="unit">What the user's values are multiplied by to be per voxel.</param>
    /// <param name="anglesDegrees">Angles of the views, where they are known.</param>
    /// <param name="depth">Slices of a volume; 0 when slices are problems of their own.</param>
    internal IterativeProblem(
        ILinearOperator inner, IterativeOptions options, float[]? mask, double unit, IReadOnlyList<double>? anglesDegrees, int depth = 0)
    {
        Variation = new TotalVariation(options.TvAcrossSlices == false ? 0 : depth);
        (_inner, Options, Mask) = (inner, options, mask);
        Low = (float)Math.Max((options.Minimum ?? double.NegativeInfinity) * unit, options.NonNegative ? 0 : double.NegativeInfinity);
        High = (float)((options.Maximum ?? double.PositiveInfinity) * unit);
        Operator = new MaskedOperator(inner, mask);
        try
        {
            Subsets = MakeSubsets(anglesDegrees);
            if (NeedsNorm(options.Method))
            {
                SquaredNorm = OperatorNorm.Squared(Operator, mask, isProjector: anglesDegrees is not null && options.Operator is null);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal IterativeOptions Options { get; }

    internal MaskedOperator Operator { get; }

    /// <summary>1 inside, 0 outside; null when every pixel is inside.</summary>
    internal float[]? Mask { get; }

    internal TotalVariation Variation { get; }

    internal float Low { get; }

    internal float High { get; }

    /// <summary>In the order in which they are visited; one that holds all rays for methods without subsets.</summary>
    internal IReadOnlyList<RaySubset> Subsets { get; }

    /// <summary>The largest eigenvalue of A'A, or a little more.</summary>
    internal double SquaredNorm { get; }

    internal static bool UsesSubsets(IterativeMethod method) =>
        method is IterativeMethod.Sart or IterativeMethod.OsSart or IterativeMethod.Osem or IterativeMethod.AsdPocs;

    /// <summary>How many subsets a run will have.</summary>
    internal static int SubsetCount(IterativeOptions options, int rows) => options.Method switch
    {
        IterativeMethod.Sart => rows,
        _ when UsesSubsets(options.Method) => Math.Min(options.Subsets ?? 10, rows),
        _ => 1,
    };

    public void Dispose()
    {
        foreach (var subset in Subsets ?? [])
        {
            if (subset.Operator != Operator)
            {
                subset.Operator.Dispose();
            }
        }

        _inner.Dispose();
    }

    internal static bool NeedsNorm(IterativeMethod method) =>
        method is IterativeMethod.Tikhonov or IterativeMethod.TvFista or IterativeMethod.Pwls;

    private List<RaySubset> MakeSubsets(IReadOnlyList<double>? anglesDegrees)
    {
        var rows = Operator.Range.OuterCount;
        var count = SubsetCount(Options, rows);
        using var ones = OperatorNorm.Ones(Operator.Domain, ProbeLanes, Mask);
        using var image = Operator.Domain.Allocate(ProbeLanes);
        if (count == 1)
        {
            return [Summed(Operator, [.. Enumerable.Range(0, rows)], ones, image)];
        }

        if (_inner is not ISplitOperator split)
        {
            throw new ArgumentException(
                $"{Options.Method} works by subsets of the rays, but {_inner.GetType().Name} cannot be split: implement ISplitOperator, " +
                "or take SIRT or MLEM.");
        }

        // Angles count modulo half a turn: neighbors see nearly the same, so a subset takes every count-th one.
        int[] order = [.. Enumerable.Range(0, rows)];
        if (anglesDegrees is not null)
        {
            order = [.. order.OrderBy(i => ((anglesDegrees[i] % 180) + 180) % 180).ThenBy(i => i)];
        }

        var subsets = new List<RaySubset>();
        foreach (var start in SubsetOrder.Spread(count))
        {
            int[] own = [.. order.Where((_, i) => i % count == start)];
            subsets.Add(Summed(new MaskedOperator(split.Part(own), Mask), own, ones, image));
        }

        return subsets;
    }

    private static RaySubset Summed(MaskedOperator part, int[] rows, InterleavedSlab ones, InterleavedSlab image)
    {
        using var rays = part.Range.Allocate(ProbeLanes);
        part.Forward(ones, rays);
        var rowSums = Inverted(rays);
        SlabMath.Apply(default(Fill), rays, rays, rays, null, null, RunContext.Current);
        part.Adjoint(rays, image);
        return new RaySubset(part, rows, rowSums, Inverted(image));
    }

    private static float[] Inverted(InterleavedSlab slab)
    {
        var sums = OperatorNorm.FirstLane(slab);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = sums[i] > LeastSum ? 1 / sums[i] : 0;
        }

        return sums;
    }
}

/// <summary>In which order subsets are visited.</summary>
internal static class SubsetOrder
{
    /// <summary>
    /// 0 to count - 1 in golden steps, so that each one is far from those before: neighbors would correct the same again.
    /// </summary>
    internal static IEnumerable<int> Spread(int count)
    {
        var step = Math.Max(1, (int)Math.Round(count * 0.381966));
        while (Gcd(step, count) != 1)
        {
            step++;
        }

        return Enumerable.Range(0, count).Select(i => (int)((long)i * step % count));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
