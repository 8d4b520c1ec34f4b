using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

// The classes of docs/iterative.md; a test compares them with the page.
/// <summary>A detector whose scintillator spreads a quarter of the light to either neighbor.</summary>
public sealed class BlurredProjector(ParallelGeometry geometry) : ILinearOperator
{
    private readonly ParallelProjector _projector = new(geometry);

    public SlabShape Domain => _projector.Domain;

    public SlabShape Range => _projector.Range;

    public void Forward(InterleavedSlab x, InterleavedSlab y)
    {
        _projector.Forward(x, y);
        Blur(y);
    }

    // The blur is symmetric, so it is its own transpose; the order turns round.
    public void Adjoint(InterleavedSlab y, InterleavedSlab x)
    {
        using var blurred = Range.Allocate(y.Lanes);
        var row = new float[y.InnerCount];
        for (var angle = 0; angle < y.OuterCount; angle++)
        {
            for (var lane = 0; lane < y.Lanes; lane++)
            {
                y.GetRow(angle, lane, row);
                blurred.SetRow(angle, lane, row);
            }
        }

        Blur(blurred);
        _projector.Adjoint(blurred, x);
    }

    public void Dispose() => _projector.Dispose();

    private static void Blur(InterleavedSlab rays)
    {
        var row = new float[rays.InnerCount];
        var made = new float[rays.InnerCount];
        for (var angle = 0; angle < rays.OuterCount; angle++)
        {
            for (var lane = 0; lane < rays.Lanes; lane++)
            {
                rays.GetRow(angle, lane, row);
                for (var d = 0; d < row.Length; d++)
                {
                    made[d] = (0.5f * row[d]) + (0.25f * ((d > 0 ? row[d - 1] : 0) + (d + 1 < row.Length ? row[d + 1] : 0)));
                }

                rays.SetRow(angle, lane, made);
            }
        }
    }
}

/// <summary>The sum of |x|: few pixels are not zero.</summary>
public sealed class SparseValues : IRegularizer
{
    public string Name => "sparse values";

    // The proximal map of |x| is the soft threshold.
    public void Proximal(InterleavedSlab slices, ReadOnlySpan<double> weights)
    {
        var row = new float[slices.InnerCount];
        for (var y = 0; y < slices.OuterCount; y++)
        {
            for (var lane = 0; lane < slices.Lanes; lane++)
            {
                slices.GetRow(y, lane, row);
                foreach (ref var value in row.AsSpan())
                {
                    value = MathF.CopySign(MathF.Max(0, MathF.Abs(value) - (float)weights[lane]), value);
                }

                slices.SetRow(y, lane, row);
            }
        }
    }

    public double[] Values(InterleavedSlab slices)
    {
        var sums = new double[slices.Lanes];
        var row = new float[slices.InnerCount];
        for (var y = 0; y < slices.OuterCount; y++)
        {
            for (var lane = 0; lane < slices.Lanes; lane++)
            {
                slices.GetRow(y, lane, row);
                sums[lane] += row.Sum(v => (double)MathF.Abs(v));
            }
        }

        return sums;
    }
}
