using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Flat-field corrected projections, computed when read: (counts - dark) / (flat - dark).</summary>
internal sealed class NormalizedStack : ProjectionStack, IDerivedStack
{
    private readonly ProjectionStack _frames;
    private readonly FlatField _field;

    internal NormalizedStack(ProjectionStack frames, FlatField field, Provenance provenance)
        : base(frames.AnglesDegrees, frames.RowCount, frames.ColumnCount)
    {
        (_frames, _field) = (frames, field);
        PixelSize = frames.PixelSize;
        Quantity = Quantity.Transmission;
        Provenance = provenance;
    }

    public ProjectionStack Source => _frames;

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        _frames.Read(region, destination);
        var frame = region.RowCount * ColumnCount;
        for (var i = 0; i < region.AngleCount; i++)
        {
            _field.Apply(destination.Slice(i * frame, frame), region.RowStart, region.RowCount);
        }
    }
}
