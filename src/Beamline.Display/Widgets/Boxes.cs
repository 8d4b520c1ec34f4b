using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A widget that holds others.</summary>
public abstract class Box : DisplayWidget
{
    private protected Box(string model, IEnumerable<DisplayWidget> children)
        : base(WidgetModel.Control(model)) => Children = [.. children ?? throw new ArgumentNullException(nameof(children))];

    /// <summary>The widgets in it.</summary>
    public IReadOnlyList<DisplayWidget> Children
    {
        get => (IReadOnlyList<DisplayWidget>)Get("children")!;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(child => child is null || child == this))
            {
                throw new ArgumentException("A box cannot hold null or itself.", nameof(value));
            }

            Set("children", value.ToArray());
        }
    }

    internal override string StaticHtml() => string.Concat(Children.Select(child => child.StaticHtml()));

    internal override string StaticText() => $"{GetType().Name}: {string.Join("; ", Children.Select(child => child.StaticText()))}";
}

/// <summary>Widgets beside each other.</summary>
public sealed class HBox : Box
{
    /// <summary>A row.</summary>
    /// <param name="children">What is in it, from left to right.</param>
    public HBox(params IEnumerable<DisplayWidget> children)
        : base("HBox", children)
    {
    }

    internal override string StaticHtml() =>
        $"<div style=\"display:flex;gap:1em\">{base.StaticHtml()}</div>";
}

/// <summary>Widgets below each other.</summary>
public sealed class VBox : Box
{
    /// <summary>A column.</summary>
    /// <param name="children">What is in it, from top to bottom.</param>
    public VBox(params IEnumerable<DisplayWidget> children)
        : base("VBox", children)
    {
    }
}

/// <summary>Widgets of which one is shown at a time, with a title each.</summary>
public abstract class TitledBox : Box
{
    private protected TitledBox(string model, IReadOnlyList<(string Title, DisplayWidget Child)> children)
        : base(model, children.Select(c => c.Child)) =>
        Keep("titles", new JsonArray([.. children.Select(c => JsonValue.Create(c.Title))]));

    /// <summary>Raised when the user opens another; what a handler throws is shown below the cell.</summary>
    public event EventHandler? SelectionChanged;

    /// <summary>The titles.</summary>
    public IReadOnlyList<string> Titles => [.. ((JsonArray)Get("titles")!).Select(t => (string)t!)];

    /// <summary>Which one is open, from 0; null for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
    public int? SelectedIndex
    {
        get => Get("selected_index") is JsonValue index ? (int)index : null;
        set
        {
            if (value is < 0 || value >= Children.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"There are {Children.Count} children.");
            }

            Set("selected_index", value is { } index ? JsonValue.Create(index) : null);
        }
    }

    internal override string StaticHtml() => string.Concat(Children.Select((child, i) =>
        $"<div><b>{Escaped(i < Titles.Count ? Titles[i] : "")}</b>{child.StaticHtml()}</div>"));

    private protected override Action? Accept(string key, JsonNode? value)
    {
        if (key != "selected_index")
        {
            return base.Accept(key, value);
        }

        if (value is not null && !(value is JsonValue json && json.TryGetValue<int>(out var index) && index >= 0 && index < Children.Count))
        {
            throw new FormatException($"'{WidgetText.Short(value)}' is none of the {Children.Count} children");
        }

        Keep(key, value?.DeepClone());
        return () => SelectionChanged?.Invoke(this, EventArgs.Empty);
    }
}

/// <summary>Widgets behind tabs.</summary>
public sealed class Tab : TitledBox
{
    /// <summary>Tabs; the first is open.</summary>
    /// <param name="children">What is in them.</param>
    public Tab(params (string Title, DisplayWidget Child)[] children)
        : base("Tab", children) => Keep("selected_index", children.Length > 0 ? JsonValue.Create(0) : null);
}

/// <summary>Widgets that fold, of which at most one is open.</summary>
public sealed class Accordion : TitledBox
{
    /// <summary>Folds; all are closed.</summary>
    /// <param name="children">What is in them.</param>
    public Accordion(params (string Title, DisplayWidget Child)[] children)
        : base("Accordion", children) => Keep("selected_index", null);
}
