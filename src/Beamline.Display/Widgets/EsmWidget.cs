using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>
/// A widget whose front is an ES module of your own: its default export has render({ model, el }) and may have initialize({ model }).
/// </summary>
/// <remarks>
/// The convention is that of anywidget (anywidget.dev, AFM). JupyterLab and Notebook 7 draw it with what <c>beamline kernel install</c>
/// puts beside the kernel, or with anywidget 0.9 where that is installed; VS Code fetches anywidget from a content network.
/// </remarks>
public sealed class EsmWidget : DisplayWidget
{
    // With the labextension's own version, 0.9.0-beamline, which ranges without a hyphen leave out (docs/adr/0045).
    private const string VersionRange = "~0.9.0-0";

    /// <summary>A widget.</summary>
    /// <param name="module">The text of the ES module.</param>
    /// <param name="css">A style sheet for it; null for none.</param>
    /// <param name="fallback">What is shown where the module cannot run.</param>
    public EsmWidget(string module, string? css = null, string fallback = "")
        : base(new WidgetModel("anywidget", VersionRange, "AnyModel", "AnyView"))
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
    /// <param name="name">Its name; not one that begins with _, and not layout, style or tooltip.</param>
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
        if (IsReserved(key))
        {
            return base.Accept(key, value);
        }

        Keep(key, value?.DeepClone());
        return () => Changed?.Invoke(this, new EsmChangeEventArgs(key, value?.DeepClone()));
    }

    private protected override Action? Accept(string key, byte[] bytes)
    {
        if (IsReserved(key))
        {
            return null;
        }

        Keep(key, bytes);
        return () => Changed?.Invoke(this, new EsmChangeEventArgs(key, null) { Bytes = bytes });
    }

    private protected override void Custom(JsonObject content, IReadOnlyList<byte[]> buffers) =>
        Guard(() => Received?.Invoke(this, new EsmMessageEventArgs(content, buffers)));

    private static string Own(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return IsReserved(name)
            ? throw new ArgumentException($"'{name}' belongs to the protocol, as layout, style, tooltip and all names that begin with _ do.", nameof(name))
            : name;
    }

    private static bool IsReserved(string name) => name.StartsWith('_') || name is "layout" or "style" or "tooltip";
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
/// <param name="value">What it is now; null when it is bytes.</param>
public sealed class EsmChangeEventArgs(string name, JsonNode? value) : EventArgs
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it is now; null when it is bytes.</summary>
    public JsonNode? Value { get; } = value;

    /// <summary>The bytes that it is now; null when it is JSON.</summary>
    public byte[]? Bytes { get; init; }
}
