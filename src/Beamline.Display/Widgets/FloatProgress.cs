using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A bar that fills.</summary>
public sealed class FloatProgress : ControlWidget
{
    /// <summary>A bar.</summary>
    /// <param name="value">How far it is; moved into the range.</param>
    /// <param name="min">Where it is empty.</param>
    /// <param name="max">Where it is full; above <paramref name="min"/>.</param>
    /// <exception cref="ArgumentException">The range is none.</exception>
    public FloatProgress(double value = 0, double min = 0, double max = 1)
        : base(WidgetModel.Control("FloatProgress") with { View = "ProgressView" })
    {
        if (!double.IsFinite(min) || !double.IsFinite(max) || min >= max)
        {
            throw new ArgumentException($"A bar cannot go from {min} to {max}.", nameof(max));
        }

        (Min, Max) = (min, max);
        Keep("min", JsonValue.Create(min));
        Keep("max", JsonValue.Create(max));
        Value = value;
    }

    /// <summary>Where it is empty.</summary>
    public double Min { get; }

    /// <summary>Where it is full.</summary>
    public double Max { get; }

    /// <summary>How far it is; moved into the range, and NaN to its start.</summary>
    public double Value
    {
        get => Get("value", 0.0);
        set => Set("value", JsonValue.Create(double.IsNaN(value) ? Min : Math.Clamp(value, Min, Max)));
    }

    internal override string StaticHtml() => FormattableString.Invariant(
        $"<div><b>{Escaped(Description)}</b> <progress max=\"{Max - Min}\" value=\"{Value - Min}\"></progress> {StaticValue()}</div>");

    private protected override string StaticValue() => FormattableString.Invariant($"{(Value - Min) / (Max - Min) * 100:0} %");
}
