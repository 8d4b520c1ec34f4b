namespace Beamline.Arrays.Tests;

/// <summary>A lazy stack whose value tells where it is: 10000 angle + 100 row + column.</summary>
internal sealed class ComputedStack(
    IReadOnlyList<double> anglesDegrees, int rowCount, int columnCount, int failAtAngle = -1)
    : ProjectionStack(anglesDegrees, rowCount, columnCount)
{
    internal List<StackRegion> Reads { get; } = [];

    internal static float Value(int angle, int row, int column) => (10000 * angle) + (100 * row) + column;

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        Reads.Add(region);
        var i = 0;
        for (var angle = region.AngleStart; angle < region.AngleEnd; angle++)
        {
            if (angle == failAtAngle)
            {
                throw new InvalidDataException("frame unreadable");
            }

            for (var row = region.RowStart; row < region.RowEnd; row++)
            {
                for (var column = 0; column < ColumnCount; column++)
                {
                    destination[i++] = Value(angle, row, column);
                }
            }
        }

        // The promise to derived classes: exactly as long as the block.
        Assert.Equal(i, destination.Length);
    }
}
