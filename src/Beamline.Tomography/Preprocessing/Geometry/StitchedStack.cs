using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Projections of half a turn joined with the mirrored ones of the other half; computed when read.</summary>
internal sealed class StitchedStack : ProjectionStack, IDerivedStack
{
    private readonly ProjectionStack _source;
    private readonly StitchedLayout _layout;
    private readonly HalfTurnPartner[] _partners;

    internal StitchedStack(ProjectionStack source, HalfAcquisitionOptions options)
        : this(source, options, StitchedLayout.Make(options.AxisColumn, source.ColumnCount), HalfTurnPartner.Find(source.AnglesDegrees))
    {
    }

    private StitchedStack(ProjectionStack source, HalfAcquisitionOptions options, StitchedLayout layout, HalfTurnPartner[] partners)
        : base([.. partners.Select(p => source.AnglesDegrees[p.Index])], source.RowCount, layout.Width)
    {
        (_source, _layout, _partners) = (source, layout, partners);
        PixelSize = source.PixelSize;
        Quantity = source.Quantity;
        Provenance = options.After(source);
    }

    public ProjectionStack Source => _source;

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        var columns = _source.ColumnCount;
        var block = region.RowCount * columns;
        var direct = new float[block];
        var opposite = new float[block];
        var next = new float[block];
        for (var i = 0; i < region.AngleCount; i++)
        {
            var partner = _partners[region.AngleStart + i];
            Read(partner.Index, direct);
            Read(partner.Before, opposite);
            if (partner.Weight > 0)
            {
                Read(partner.After, next);
                for (var k = 0; k < block; k++)
                {
                    opposite[k] += partner.Weight * (next[k] - opposite[k]);
                }
            }

            for (var row = 0; row < region.RowCount; row++)
            {
                Join(
                    direct.AsSpan(row * columns, columns),
                    opposite.AsSpan(row * columns, columns),
                    destination.Slice(((i * region.RowCount) + row) * ColumnCount, ColumnCount));
            }
        }

        void Read(int angle, float[] into) => _source.Read(new StackRegion(angle, 1, region.RowStart, region.RowCount), into);
    }

    private void Join(ReadOnlySpan<float> direct, ReadOnlySpan<float> opposite, Span<float> joined)
    {
        var axis = _layout.Axis - _layout.Shift;
        var right = _layout.Shift == 0;
        for (var j = 0; j < joined.Length; j++)
        {
            var column = j - _layout.Shift;
            var fromAxis = column - axis;
            // 1 where only the first half sees, 0 where only the second does.
            var share = _layout.Overlap > 0 ? Math.Clamp(0.5 - ((right ? fromAxis : -fromAxis) / (2 * _layout.Overlap)), 0, 1) : fromAxis * (right ? 1 : -1) <= 0 ? 1 : 0;
            var onDirect = column >= 0 && column < direct.Length;
            double value = share > 0 && onDirect ? share * direct[column] : 0;
            if (share < 1 || !onDirect)
            {
                value += (onDirect ? 1 - share : 1) * At(opposite, axis - fromAxis);
            }

            joined[j] = (float)value;
        }
    }

    private static double At(ReadOnlySpan<float> line, double x)
    {
        x = Math.Clamp(x, 0, line.Length - 1);
        var before = (int)x;
        return line[before] + ((x - before) * (line[Math.Min(before + 1, line.Length - 1)] - line[before]));
    }
}
