namespace Beamline.Display;

/// <summary>What is written on a chart.</summary>
/// <param name="Title">Above the chart; may be empty.</param>
/// <param name="X">At the horizontal axis, with its unit, for instance "distance (µm)".</param>
/// <param name="Y">At the vertical axis, with its unit.</param>
public sealed record PlotLabels(string Title, string X, string Y)
{
    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogY { get; init; }
}
