using Beamline.Arrays;

namespace Beamline.Data.Scans;

/// <summary>A lazy stack over the frames of a scan, watched for frames that are no good.</summary>
internal sealed class SourceProjectionStack(FrameSource source, IReadOnlyList<double> anglesDegrees, FrameWatch watch)
    : ProjectionStack(anglesDegrees, source.RowCount, source.ColumnCount)
{
    public override (int Angles, int Rows) UnpackedTogether =>
        (Math.Min(source.UnpackedTogether.Frames, AngleCount), Math.Min(source.UnpackedTogether.Rows, RowCount));

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        source.Read(region.AngleStart, region.AngleCount, region.RowStart, region.RowCount, destination);
        watch.Look(region.AngleStart, region.AngleCount, destination);
    }
}
