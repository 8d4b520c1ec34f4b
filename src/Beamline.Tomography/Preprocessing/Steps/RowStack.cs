using Beamline.Arrays;

namespace Beamline.Tomography.Preprocessing;

/// <summary>A step that works on each row of each projection by itself: computed when read, nothing kept.</summary>
internal abstract class RowStack : ProjectionStack, IDerivedStack
{
    protected RowStack(ProjectionStack source, PreprocessingStep step)
        : base(source.AnglesDegrees, source.RowCount, source.ColumnCount)
    {
        Source = source;
        PixelSize = source.PixelSize;
        Quantity = source.Quantity;
        Provenance = step.After(source);
    }

    public ProjectionStack Source { get; }

    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        Source.Read(region, destination);
        for (var i = 0; i < region.AngleCount * region.RowCount; i++)
        {
            var (angle, row) = (region.AngleStart + (i / region.RowCount), region.RowStart + (i % region.RowCount));
            ApplyRow(destination.Slice(i * ColumnCount, ColumnCount), angle, row);
        }
    }

    protected abstract void ApplyRow(Span<float> line, int angle, int row);
}
