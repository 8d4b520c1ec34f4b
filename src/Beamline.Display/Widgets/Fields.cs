using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A field for a line of text.</summary>
public sealed class Text : ValueWidget<string>
{
    /// <summary>A field.</summary>
    /// <param name="value">The text in it.</param>
    public Text(string value = "")
        : base(WidgetModel.Control("Text"), value ?? throw new ArgumentNullException(nameof(value)))
    {
    }

    /// <summary>What stands in the empty field.</summary>
    public string Placeholder { get => Get("placeholder", ""); set => Set("placeholder", JsonValue.Create(value)); }

    /// <summary>True to hear of each letter (the default), false when the user presses enter or leaves the field.</summary>
    public bool ContinuousUpdate { get => Get("continuous_update", true); set => Set("continuous_update", JsonValue.Create(value)); }

    private protected override string Checked(string value) => value ?? throw new ArgumentNullException(nameof(value));

    private protected override string FromJson(JsonNode? value) => Words(value);

    private protected override JsonNode? ToJson(string value) => JsonValue.Create(value);
}

/// <summary>A field for a whole number.</summary>
public sealed class IntText : ValueWidget<int>
{
    /// <summary>A field.</summary>
    /// <param name="value">The number in it.</param>
    public IntText(int value = 0)
        : base(WidgetModel.Control("IntText"), value)
    {
    }

    private protected override int FromJson(JsonNode? value) => Whole(value);

    private protected override JsonNode? ToJson(int value) => JsonValue.Create(value);
}

/// <summary>A field for a number.</summary>
public sealed class FloatText : ValueWidget<double>
{
    /// <summary>A field.</summary>
    /// <param name="value">The number in it; finite.</param>
    /// <exception cref="ArgumentException">It is not finite.</exception>
    public FloatText(double value = 0)
        : base(WidgetModel.Control("FloatText"), Finite(value))
    {
    }

    private protected override double Checked(double value) => Finite(value);

    private protected override double FromJson(JsonNode? value) => Number(value);

    private protected override JsonNode? ToJson(double value) => JsonValue.Create(value);

    private static double Finite(double value) =>
        double.IsFinite(value) ? value : throw new ArgumentException($"The field cannot hold {value}.", nameof(value));
}

/// <summary>A box to check.</summary>
public sealed class Checkbox : ValueWidget<bool>
{
    /// <summary>A box.</summary>
    /// <param name="value">Whether it is checked.</param>
    public Checkbox(bool value = false)
        : base(WidgetModel.Control("Checkbox"), value) => Keep("indent", JsonValue.Create(true));

    private protected override bool FromJson(JsonNode? value) =>
        value is JsonValue json && json.TryGetValue<bool>(out var isChecked)
            ? isChecked
            : throw new FormatException($"'{WidgetText.Short(value)}' is neither true nor false");

    private protected override JsonNode? ToJson(bool value) => JsonValue.Create(value);

    private protected override string StaticValue() => Value ? "yes" : "no";
}
