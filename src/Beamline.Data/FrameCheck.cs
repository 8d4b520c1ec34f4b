using Beamline.Compute;
using Beamline.Data.Scans;

namespace Beamline.Data;

/// <summary>A projection and how many of its values are wrong.</summary>
/// <param name="Index">The projection, counted from 0.</param>
/// <param name="Values">How many of its values.</param>
public readonly record struct BadFrame(int Index, long Values);

/// <summary>What is wrong with the projections of a scan; see <see cref="TomographyScan.CheckFrames"/>.</summary>
public sealed record FrameCheck
{
    /// <summary>How many projections were looked at.</summary>
    public required int FrameCount { get; init; }

    /// <summary>Values in one projection.</summary>
    public required int ValuesPerFrame { get; init; }

    /// <summary>Projections with NaN or infinite values.</summary>
    public required IReadOnlyList<BadFrame> NonFinite { get; init; }

    /// <summary>Projections of which more than 0.1 % of the pixels are at the largest value of an 8- or 16-bit type: the camera was saturated.</summary>
    public required IReadOnlyList<BadFrame> Saturated { get; init; }

    /// <summary>Projections whose values are all the same: lost, or never written.</summary>
    public required IReadOnlyList<BadFrame> Blank { get; init; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsGood => NonFinite.Count + Saturated.Count + Blank.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => IsGood
        ? $"{FrameCount} projections: all values are numbers, none saturated, none blank."
        : string.Join(Environment.NewLine, new[]
        {
            Line(NonFinite, "with NaN or infinite values", "RepairValues() puts the values of the neighboring projections in their place."),
            Line(Saturated, "saturated", "RepairValues(new RepairOptions { SaturationLevel = ... }) repairs single ones; else shorten the exposure."),
            Line(Blank, "of one value only", "They were lost or never written: leave them out."),
        }.Where(l => l.Length > 0));

    internal static FrameCheck Of(FrameSource frames, RunContext context)
    {
        const int BlockBytes = 32 << 20;
        var size = frames.RowCount * frames.ColumnCount;
        var step = Math.Clamp(BlockBytes / sizeof(float) / size, 1, frames.FrameCount);
        var block = new float[step * size];
        var ceiling = FrameDefects.Ceiling(frames.Type);
        List<BadFrame> nonFinite = [], saturated = [], blank = [];
        for (var first = 0; first < frames.FrameCount; first += step)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(step, frames.FrameCount - first);
            frames.Read(first, count, 0, frames.RowCount, block.AsSpan(0, count * size));
            for (var i = 0; i < count; i++)
            {
                var frame = block.AsSpan(i * size, size);
                Add(nonFinite, first + i, frames.Type.Kind == ElementKind.Float ? FrameDefects.NonFinite(frame) : 0, 0);
                Add(saturated, first + i, ceiling is { } top ? FrameDefects.Saturated(frame, top) : 0, FrameDefects.MostSaturated * size);
                Add(blank, first + i, size > 1 && frame.IndexOfAnyExcept(frame[0]) < 0 && float.IsFinite(frame[0]) ? size : 0, 0);
            }

            context.Report("check frames", (first + count) / (double)frames.FrameCount);
        }

        return new FrameCheck { FrameCount = frames.FrameCount, ValuesPerFrame = size, NonFinite = nonFinite, Saturated = saturated, Blank = blank };
    }

    private static void Add(List<BadFrame> list, int index, int values, double most)
    {
        if (values > most)
        {
            list.Add(new BadFrame(index, values));
        }
    }

    private string Line(IReadOnlyList<BadFrame> frames, string what, string remedy) => frames.Count == 0
        ? ""
        : $"{frames.Count} of {FrameCount} projections {what}: {FrameDefects.List([.. frames.Select(f => f.Index)])} " +
          $"({frames.Sum(f => f.Values):N0} values). {remedy}";
}
