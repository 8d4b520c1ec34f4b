using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>
/// A widget whose front is an ES module of your own: its default export has render({ model, el }) and may have initialize({ model }).
/// </summary>
/// <remarks>
/// The convention is that of anywidget (anywidget.dev, AFM). The front end needs anywidget's JavaScript: JupyterLab and
/// Notebook 7 have it when the Python package anywidget is installed beside them; VS Code fetches it.
/// </remarks>
public sealed class EsmWidget : DisplayWidget
{
    /// <summary>A widget.</summary>
    /// <param name="module">The text of the ES module.</param>
    /// <param name="css">A style sheet for it; null for none.</param>
    /// <param name="fallback">What is shown where the module cannot run.</param>
    public EsmWidget(string module, string? css = null, string fallback = "")
        : base(new WidgetModel("anywidget", "~0.9.0", "AnyModel", "AnyView"))
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(module);
        ArgumentNullException.ThrowIfNull(fallback);
        Fallback = fallback;
        Keep("_esm", JsonValue.Create(module));
        Keep("_css", JsonValue.Create(css ?? ""));
        Keep("_anywidget_id", JsonValue.Create("beamline." + Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(module)))[..12]));
    }

    /// <summary>Raised for each message that the module sends with model.send; what a handler throws is shown below the cell.</summary>
    public event EventHandler<EsmMessageEventArgs>? Received;

    /// <summary>Raised after the module has changed a value with model.set and model.save_changes.</summary>
    public event EventHandler<EsmChangeEventArgs>? Changed;

    /// <summary>What is shown where the module cannot run.</summary>
    public string Fallback { get; }

    /// <summary>A value that both sides see: JSON, or bytes, which travel beside the messages and arrive as a DataView.</summary>
    /// <param name="name">Its name; not one that begins with _.</param>
    /// <exception cref="ArgumentException">The name is none, or the value is neither JSON nor bytes.</exception>
    public object? this[string name]
    {
        get => Get(Own(name));
        set => Set(Own(name), value is null or JsonNode or byte[]
            ? value
            : throw new ArgumentException($"'{name}' must be JSON or bytes, not {value.GetType().Name}.", nameof(value)));
    }

    /// <summary>Sends the module a message, which it hears by model.on("msg:custom", (content, buffers) => ...).</summary>
    /// <param name="content">The message.</param>
    /// <param name="buffers">Bytes that travel beside it.</param>
    public void Send(JsonObject content, params IReadOnlyList<byte[]> buffers)
    {
        ArgumentNullException.ThrowIfNull(content);
        SendCustom(content, buffers);
    }

    internal override string StaticHtml() => $"<div>{Escaped(Fallback)}</div>";

    internal override string StaticText() => Fallback.Length > 0 ? Fallback : "EsmWidget";

    private protected override Action? Accept(string key, JsonNode? value)
    {
        if (key.StartsWith('_'))
        {
            return base.Accept(key, value);
        }

        Keep(key, value?.DeepClone());
        return () => Changed?.Invoke(this, new EsmChangeEventArgs(key, value?.DeepClone()));
    }

    private protected override void Custom(JsonObject content, IReadOnlyList<byte[]> buffers) =>
        Guard(() => Received?.Invoke(this, new EsmMessageEventArgs(content, buffers)));

    private static string Own(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.StartsWith('_') ? throw new ArgumentException($"'{name}': names that begin with _ belong to the protocol.", nameof(name)) : name;
    }
}

/// <summary>A message of an ES module.</summary>
/// <param name="content">Its JSON.</param>
/// <param name="buffers">Its bytes.</param>
public sealed class EsmMessageEventArgs(JsonObject content, IReadOnlyList<byte[]> buffers) : EventArgs
{
    /// <summary>Its JSON.</summary>
    public JsonObject Content { get; } = content;

    /// <summary>Its bytes.</summary>
    public IReadOnlyList<byte[]> Buffers { get; } = buffers;
}

/// <summary>A value that an ES module has changed.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">What it is now.</param>
public sealed class EsmChangeEventArgs(string name, JsonNode? value) : EventArgs
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it is now.</summary>
    public JsonNode? Value { get; } = value;
}
