namespace Beamline.Arrays;

/// <summary>A block of a projection stack: some angles, some detector rows, all columns.</summary>
/// <param name="AngleStart">First angle.</param>
/// <param name="AngleCount">Number of angles.</param>
/// <param name="RowStart">First detector row.</param>
/// <param name="RowCount">Number of detector rows.</param>
public readonly record struct StackRegion(int AngleStart, int AngleCount, int RowStart, int RowCount)
{
    /// <summary>First angle after the block.</summary>
    public int AngleEnd => AngleStart + AngleCount;

    /// <summary>First row after the block.</summary>
    public int RowEnd => RowStart + RowCount;
}
