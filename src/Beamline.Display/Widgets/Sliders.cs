using System.Numerics;
using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A slider for one number.</summary>
/// <typeparam name="T">The type of the number.</typeparam>
public abstract class Slider<T> : ValueWidget<T>
    where T : struct, INumber<T>
{
    private protected Slider(string model, T value, T min, T max, T step)
        : base(WidgetModel.Control(model), T.Clamp(Finite(value), min <= max ? min : max, max))
    {
        CheckRange(min, max);
        CheckStep(step);
        Keep("min", Json(min));
        Keep("max", Json(max));
        Keep("step", Json(step));
    }

    /// <summary>The least value. One above <see cref="Max"/> is an error; the value moves into the range.</summary>
    /// <exception cref="ArgumentException">It is above <see cref="Max"/>.</exception>
    public T Min
    {
        get => Get("min", T.Zero);
        set
        {
            CheckRange(Finite(value), Max);
            Set("min", Json(value));
            Recheck();
        }
    }

    /// <summary>The greatest value. One below <see cref="Min"/> is an error; the value moves into the range.</summary>
    /// <exception cref="ArgumentException">It is below <see cref="Min"/>.</exception>
    public T Max
    {
        get => Get("max", T.Zero);
        set
        {
            CheckRange(Min, Finite(value));
            Set("max", Json(value));
            Recheck();
        }
    }

    /// <summary>How far one step moves; above 0.</summary>
    /// <exception cref="ArgumentException">It is not above 0.</exception>
    public T Step
    {
        get => Get("step", T.One);
        set
        {
            CheckStep(value);
            Set("step", Json(value));
        }
    }

    /// <summary>True to hear of the value while it is dragged (the default), false when it is let go.</summary>
    public bool ContinuousUpdate { get => Get("continuous_update", true); set => Set("continuous_update", JsonValue.Create(value)); }

    /// <summary>How the number beside it is written, in the notation of d3-format, for instance ".3f"; null for the usual.</summary>
    public string? ReadoutFormat { get => Get<string?>("readout_format", null); set => Set("readout_format", value is null ? null : JsonValue.Create(value)); }

    /// <summary>True to stand upright.</summary>
    public bool IsVertical
    {
        get => Get("orientation", "horizontal") == "vertical";
        set => Set("orientation", JsonValue.Create(value ? "vertical" : "horizontal"));
    }

    private protected override T Checked(T value) => T.Clamp(Finite(value), Min, Max);

    private protected override JsonNode? ToJson(T value) => Json(value);

    private static JsonValue Json(T value) => JsonValue.Create(value)!;

    private static T Finite(T value) => T.IsFinite(value) ? value : throw new ArgumentException($"A slider cannot stand at {value}.", nameof(value));

    private static void CheckRange(T min, T max)
    {
        if (!T.IsFinite(min) || !T.IsFinite(max) || min > max)
        {
            throw new ArgumentException($"The least value of a slider, {min}, must be a number not above the greatest, {max}.", nameof(min));
        }
    }

    private static void CheckStep(T step)
    {
        if (!T.IsFinite(step) || step <= T.Zero)
        {
            throw new ArgumentException($"The step of a slider must be above 0, not {step}.", nameof(step));
        }
    }
}

/// <summary>A slider for a whole number.</summary>
public sealed class IntSlider : Slider<int>
{
    /// <summary>A slider.</summary>
    /// <param name="value">Where it stands; moved into the range.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="step">How far one step moves; above 0.</param>
    /// <exception cref="ArgumentException">The range or the step is none.</exception>
    public IntSlider(int value = 0, int min = 0, int max = 100, int step = 1)
        : base("IntSlider", value, min, max, step)
    {
    }

    private protected override int FromJson(JsonNode? value) => Whole(value);
}

/// <summary>A slider for a number.</summary>
public sealed class FloatSlider : Slider<double>
{
    /// <summary>A slider.</summary>
    /// <param name="value">Where it stands; moved into the range.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="step">How far one step moves; above 0.</param>
    /// <exception cref="ArgumentException">The range or the step is none.</exception>
    public FloatSlider(double value = 0, double min = 0, double max = 10, double step = 0.1)
        : base("FloatSlider", value, min, max, step)
    {
    }

    private protected override double FromJson(JsonNode? value) => Number(value);
}
