using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>A stack that says it is stored in blocks, and counts how often each is unpacked.</summary>
internal sealed class PackedStack : ProjectionStack
{
    private readonly ProjectionStack _source;
    private readonly int _angles;
    private readonly int _rows;
    private readonly int[] _unpacked;

    internal PackedStack(ProjectionStack source, int angles, int rows)
        : base(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        (_source, _angles, _rows) = (source, angles, rows);
        _unpacked = new int[((source.AngleCount + angles - 1) / angles) * ((source.RowCount + rows - 1) / rows)];
        Quantity = source.Quantity;
    }

    public override (int Angles, int Rows) UnpackedTogether => (_angles, _rows);

    /// <summary>How often each block was unpacked.</summary>
    internal IReadOnlyList<int> Unpacked => _unpacked;

    internal Action<StackRegion>? Reading { get; init; }

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        Reading?.Invoke(region);
        var across = (RowCount + _rows - 1) / _rows;
        for (var a = region.AngleStart / _angles; a * _angles < region.AngleEnd; a++)
        {
            for (var r = region.RowStart / _rows; r * _rows < region.RowEnd; r++)
            {
                Interlocked.Increment(ref _unpacked[(a * across) + r]);
            }
        }

        _source.Read(region, destination);
    }
}
