using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>One line, cloud of points or set of bars.</summary>
internal sealed record ChartTrace(string Name, string Color, double[] X, double[] Y)
{
    public bool HasLine { get; init; }

    public bool HasMarkers { get; init; }

    public bool HasBars { get; init; }

    /// <summary>Whether the area down to zero is filled.</summary>
    public bool IsFilled { get; init; }

    public string Dash { get; init; } = "solid";

    /// <summary>Width of the bars in units of the axis; null leaves a little room between neighbors.</summary>
    public double? BarWidth { get; init; }

    public bool InLegend { get; init; } = true;

    /// <summary>Whether its values are read on the axis at the right.</summary>
    public bool OnSecondAxis { get; init; }

    /// <summary>How many points it had before it was thinned for a picture.</summary>
    public int PointsBefore { get; init; } = Y.Length;
}

/// <summary>One axis of a chart.</summary>
internal sealed record ChartAxis(string Title, bool IsLog)
{
    /// <summary>Ends that were asked for; the right or upper one may be the smaller.</summary>
    public (double From, double To)? Range { get; init; }

    public bool IsReversed { get; init; }

    /// <summary>Names at 0, 1, 2 ... instead of numbers.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
}

/// <summary>The part of a plotly figure that a static picture shows.</summary>
/// <param name="Title">Above the chart.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Traces">What is drawn.</param>
/// <param name="Kinds">Kinds of all traces, for people.</param>
/// <param name="NotDrawn">What only a live front end can draw; when there is any, the picture is a note.</param>
internal sealed record ChartFigure(
    string Title, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartTrace> Traces, IReadOnlyList<string> Kinds, IReadOnlyList<string> NotDrawn)
{
    /// <summary>Size on the page that the figure asks for, or a usual one.</summary>
    public (int Width, int Height) Size { get; init; } = (640, 400);

    public bool HasLegend { get; init; }

    /// <summary>Below the title, smaller.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The vertical axis at the right; null when there is none.</summary>
    public ChartAxis? Y2 { get; init; }
}
