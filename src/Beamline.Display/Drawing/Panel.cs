using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>One picture of a figure with everything that is written around it.</summary>
internal sealed record Panel
{
    public required Plane Plane { get; init; }

    public required string Title { get; init; }

    public required AxisScale X { get; init; }

    public required AxisScale Y { get; init; }

    public required ValueRange Range { get; init; }

    public required ColorMap Map { get; init; }

    public required ValueSummary Summary { get; init; }

    public Quantity Quantity { get; init; }

    /// <summary>Width of a pixel of the array; null when not known. Needed for a scale bar.</summary>
    public Length? PixelWidth { get; init; }

    /// <summary>Height over width of one pixel of the array; null when the rows are no lengths (a sinogram).</summary>
    public double? PixelAspect { get; init; } = 1;

    public bool HasScaleBar { get; init; } = true;

    /// <summary>Width of the plane in pixel widths.</summary>
    public double ExtentX => Plane.ColumnCount * Plane.ColumnStep;

    /// <summary>Height of the plane in pixel widths.</summary>
    public double ExtentY => Plane.RowCount * Plane.RowStep * (PixelAspect ?? 1);
}
