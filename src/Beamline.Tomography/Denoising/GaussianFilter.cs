using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Beamline.Compute;
using Beamline.Tomography.Denoising;

namespace Beamline.Tomography;

/// <summary>Weighted mean of a neighborhood with Gaussian weights, up to four standard deviations: <c>scipy.ndimage.gaussian_filter</c>.</summary>
/// <remarks>Blurs edges as much as noise. Beyond the edge the picture is mirrored.</remarks>
public sealed record GaussianFilter : NoiseFilter
{
    private const int RowsAPiece = 32;

    /// <summary>Standard deviation of the weights in pixels: above 0, at most 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double SigmaPixels
    {
        get;
        init => field = value is > 0 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SigmaPixels), value, "The standard deviation is in pixels: above 0, at most 100.");
    } = 1;

    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("sigmaPixels", SigmaPixels.ToString("g4"))];

    internal override void Run(float[] frame, int rows, int columns, RunContext context)
    {
        var radius = (int)((4 * SigmaPixels) + 0.5);
        var weights = Weights(radius);
        var source = MirroredFrame.WithEdge(frame, rows, columns, radius);
        ParallelWork.For((rows + RowsAPiece - 1) / RowsAPiece, context, piece =>
        {
            var line = new float[source.Stride];
            for (var row = piece * RowsAPiece; row < Math.Min((piece + 1) * RowsAPiece, rows); row++)
            {
                // Down first, over the whole padded row, then along it.
                line.AsSpan().Clear();
                for (var k = -radius; k <= radius; k++)
                {
                    AddScaled(line, source.Values.AsSpan(source.At(row + k, -radius), source.Stride), weights[k + radius]);
                }

                var target = frame.AsSpan(row * columns, columns);
                target.Clear();
                for (var k = 0; k <= 2 * radius; k++)
                {
                    AddScaled(target, line.AsSpan(k, columns), weights[k]);
                }
            }
        });
    }

    private float[] Weights(int radius)
    {
        var weights = Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-0.5 * k * k / (SigmaPixels * SigmaPixels))).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(w => (float)(w / sum))];
    }

    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float weight)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(source);
        var factor = Vector256.Create(weight);
        var i = 0;
        for (; i <= target.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref from, (nuint)i), Vector256.LoadUnsafe(ref to, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < target.Length; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(weight, source[i], target[i]);
        }
    }
}
