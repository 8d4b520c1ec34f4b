using Beamline.Arrays;
using Beamline.Data.Scans;

namespace Beamline.Data.Writing;

/// <summary>Projections in a file of ours, read when they are asked for.</summary>
internal sealed class FileProjectionStack : ProjectionStack
{
    private readonly FrameSource _source;
    private readonly IDisposable _owner;

    internal FileProjectionStack(FrameSource source, VolumeHeader header, IDisposable owner)
        : base(header.AnglesDegrees!, source.RowCount, source.ColumnCount)
    {
        (_source, _owner) = (source, owner);
        (Quantity, PixelSize, Provenance) = (header.Quantity, header.VoxelSize?.Y, header.Provenance);
    }

    protected override void ReadCore(StackRegion region, Span<float> destination) =>
        _source.Read(region.AngleStart, region.AngleCount, region.RowStart, region.RowCount, destination);

    protected override void Dispose(bool disposing)
    {
        _owner.Dispose();
        base.Dispose(disposing);
    }
}
