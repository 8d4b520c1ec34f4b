using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Projections through Paganin's filter, two at a time as real and imaginary part of one transform.</summary>
internal sealed class PaganinStack : FrameStack
{
    private readonly PlaneFilter _filter;
    private int _warned;

    internal PaganinStack(ProjectionStack source, PaganinOptions options)
        : base(source, options) =>
        _filter = new PlaneFilter(RowCount, ColumnCount, Reach(options.Spread), (ky, kx) =>
        {
            var square = options.Generalized
                ? 2 * (2 - Math.Cos(kx) - Math.Cos(ky))
                : (kx * kx) + (ky * ky);
            return 1 / (1 + (options.Spread * square));
        });

    protected override void Process(float[] block, StackRegion region, RunContext context)
    {
        long repaired = 0;
        for (var i = 0; i < region.AngleCount; i++)
        {
            var frame = block.AsSpan(i * FrameLength, FrameLength).ToArray();
            var angle = region.AngleStart + i;
            repaired += NonFiniteRepair.Frame(frame, ColumnCount, angle, AnglesDegrees[angle]);
            frame.CopyTo(block, i * FrameLength);
        }

        // Pairs begin at even angles of the block, whatever the number of threads.
        ParallelWork.For((region.AngleCount + 1) / 2, context, pair =>
        {
            var first = block.AsSpan(2 * pair * FrameLength, FrameLength);
            var second = (2 * pair) + 1 < region.AngleCount ? block.AsSpan(((2 * pair) + 1) * FrameLength, FrameLength) : default;
            _filter.Apply(first, second);
        });
        NonFiniteRepair.Warn(Step.Name, repaired, ref _warned, context);
    }

    /// <summary>The filter's answer to a point falls off as exp(-r / sqrt(spread)): six such lengths are enough of a margin.</summary>
    private static int Reach(double spread) => (int)Math.Clamp(6 * Math.Sqrt(spread), 8, 4096);
}
