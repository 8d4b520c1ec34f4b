using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>Some views and some detector rows of a stack, read from there.</summary>
internal sealed class PickedStack : ProjectionStack
{
    private readonly ProjectionStack _source;
    private readonly IReadOnlyList<int> _views;
    private readonly IReadOnlyList<int> _rows;

    internal PickedStack(ProjectionStack source, IReadOnlyList<int> views, IReadOnlyList<int> rows)
        : base([.. views.Select(v => source.AnglesDegrees[v])], rows.Count, source.ColumnCount)
    {
        (_source, _views, _rows) = (source, views, rows);
        (PixelSize, Quantity, Provenance) = (source.PixelSize, source.Quantity, source.Provenance);
    }

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        var at = 0;
        for (var view = region.AngleStart; view < region.AngleEnd; view++)
        {
            for (var row = region.RowStart; row < region.RowEnd;)
            {
                // Neighboring rows at once.
                var count = 1;
                while (row + count < region.RowEnd && _rows[row + count] == _rows[row] + count)
                {
                    count++;
                }

                _source.Read(new StackRegion(_views[view], 1, _rows[row], count), destination.Slice(at, count * ColumnCount));
                at += count * ColumnCount;
                row += count;
            }
        }
    }
}
