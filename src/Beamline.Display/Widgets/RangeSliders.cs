using System.Numerics;
using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A slider with two knobs for a range of numbers.</summary>
/// <typeparam name="T">The type of the numbers.</typeparam>
public abstract class RangeSlider<T> : ValueWidget<(T Low, T High)>
    where T : struct, INumber<T>
{
    private protected RangeSlider(string model, (T Low, T High) value, T min, T max, T step)
        : base(WidgetModel.Control(model), (T.Clamp(value.Low, min, max), T.Clamp(value.High, min, max)))
    {
        if (!T.IsFinite(min) || !T.IsFinite(max) || min > max || !T.IsFinite(step) || step <= T.Zero || value.Low > value.High)
        {
            throw new ArgumentException(
                $"A range from {value.Low} to {value.High} on a slider from {min} to {max} in steps of {step} is none.", nameof(value));
        }

        (Min, Max) = (min, max);
        Keep("min", JsonValue.Create(min));
        Keep("max", JsonValue.Create(max));
        Keep("step", JsonValue.Create(step));
    }

    /// <summary>The least value.</summary>
    public T Min { get; }

    /// <summary>The greatest value.</summary>
    public T Max { get; }

    /// <summary>True to hear of the range while it is dragged (the default), false when it is let go.</summary>
    public bool ContinuousUpdate { get => Get("continuous_update", true); set => Set("continuous_update", JsonValue.Create(value)); }

    private protected abstract T One(JsonNode? value);

    private protected override (T Low, T High) FromJson(JsonNode? value) => value is JsonArray { Count: 2 } pair
        ? (One(pair[0]), One(pair[1]))
        : throw new FormatException($"'{WidgetText.Short(value)}' is not a pair of numbers");

    private protected override JsonNode? ToJson((T Low, T High) value) => new JsonArray(JsonValue.Create(value.Low), JsonValue.Create(value.High));

    private protected override (T Low, T High) Checked((T Low, T High) value) => value.Low <= value.High
        ? (T.Clamp(value.Low, Min, Max), T.Clamp(value.High, Min, Max))
        : throw new ArgumentException($"A range cannot go from {value.Low} to {value.High}.", nameof(value));

    private protected override string StaticValue() => FormattableString.Invariant($"{Value.Low} to {Value.High}");
}

/// <summary>A slider for a range of whole numbers.</summary>
public sealed class IntRangeSlider : RangeSlider<int>
{
    /// <summary>A slider.</summary>
    /// <param name="low">Where the lower knob stands.</param>
    /// <param name="high">Where the upper knob stands.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="step">How far one step moves; above 0.</param>
    /// <exception cref="ArgumentException">The range or the step is none.</exception>
    public IntRangeSlider(int low = 25, int high = 75, int min = 0, int max = 100, int step = 1)
        : base("IntRangeSlider", (low, high), min, max, step)
    {
    }

    private protected override int One(JsonNode? value) => Whole(value);
}

/// <summary>A slider for a range of numbers.</summary>
public sealed class FloatRangeSlider : RangeSlider<double>
{
    /// <summary>A slider.</summary>
    /// <param name="low">Where the lower knob stands.</param>
    /// <param name="high">Where the upper knob stands.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="step">How far one step moves; above 0.</param>
    /// <exception cref="ArgumentException">The range or the step is none.</exception>
    public FloatRangeSlider(double low = 2.5, double high = 7.5, double min = 0, double max = 10, double step = 0.1)
        : base("FloatRangeSlider", (low, high), min, max, step)
    {
    }

    private protected override double One(JsonNode? value) => Number(value);
}
