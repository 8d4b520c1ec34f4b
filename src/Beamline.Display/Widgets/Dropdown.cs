using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>Makes lists to choose from.</summary>
public static class Dropdown
{
    /// <summary>A list of values, shown by their text.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="options">The values; at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Dropdown<T> Of<T>(params IEnumerable<T> options)
        where T : notnull =>
        new(options.Select(o => (o.ToString() ?? "", o)));

    /// <summary>A list of the values of an enumeration.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="value">The value that is chosen first.</param>
    public static Dropdown<T> OfEnum<T>(T value)
        where T : struct, Enum =>
        new(Enum.GetValues<T>().Distinct().Select(v => (v.ToString(), v))) { Value = value };
}

/// <summary>A list to choose one value from.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class Dropdown<T> : ValueWidget<T>
    where T : notnull
{
    private readonly (string Label, T Value)[] _options;

    /// <summary>A list; its first value is chosen.</summary>
    /// <param name="options">What is shown, and what it stands for; at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public Dropdown(params IEnumerable<(string Label, T Value)> options)
        : this([.. options ?? throw new ArgumentNullException(nameof(options))])
    {
    }

    private Dropdown((string Label, T Value)[] options)
        : base(WidgetModel.Control("Dropdown"), options.Length > 0 ? options[0].Value : throw new ArgumentException("There is nothing to choose from.", nameof(options)))
    {
        _options = options;
        Keep("index", JsonValue.Create(0));
        Keep("_options_labels", new JsonArray([.. options.Select(o => JsonValue.Create(o.Label))]));
    }

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<(string Label, T Value)> Options => _options;

    private protected override string ValueKey => "index";

    private protected override T Checked(T value) => IndexOf(value) >= 0
        ? value
        : throw new ArgumentException($"'{value}' cannot be chosen; there are: {string.Join(", ", _options.Select(o => o.Label))}.", nameof(value));

    // The base class asks before the options are there: the first value has index 0.
    private protected override JsonNode? ToJson(T value) => JsonValue.Create(_options is null ? 0 : IndexOf(value));

    private protected override T FromJson(JsonNode? value) => Whole(value) is var index && index >= 0 && index < _options.Length
        ? _options[index].Value
        : throw new FormatException($"there is no option {index}; there are {_options.Length}");

    private protected override string StaticValue() => _options[IndexOf(Value)].Label;

    private int IndexOf(T value) => Array.FindIndex(_options, o => EqualityComparer<T>.Default.Equals(o.Value, value));
}
