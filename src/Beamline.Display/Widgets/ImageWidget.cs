using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A picture that can be replaced; its bytes travel beside the messages, not as text.</summary>
public sealed class ImageWidget : DisplayWidget
{
    /// <summary>A picture.</summary>
    /// <param name="bytes">The file, for instance a PNG; empty for none yet.</param>
    /// <param name="format">Its kind: png, jpeg, webp, gif or svg+xml.</param>
    public ImageWidget(byte[] bytes, string format = "png")
        : base(WidgetModel.Control("Image"))
    {
        ArgumentNullException.ThrowIfNull(bytes);
        Keep("format", JsonValue.Create(Known(format)));
        Keep("value", bytes);
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get => (byte[])Get("value")!; set => Set("value", value ?? throw new ArgumentNullException(nameof(value))); }

    /// <summary>The kind of the file: png, jpeg, webp, gif or svg+xml.</summary>
    /// <exception cref="ArgumentException">It is another.</exception>
    public string Format { get => Get("format", "png"); set => Set("format", JsonValue.Create(Known(value))); }

    internal override string StaticHtml() => Bytes.Length == 0
        ? ""
        : $"<img alt=\"picture\" src=\"data:image/{Format};base64,{Convert.ToBase64String(Bytes)}\">";

    internal override string StaticText() => $"ImageWidget {Format}, {Bytes.Length} bytes";

    private static string Known(string format) => format is "png" or "jpeg" or "webp" or "gif" or "svg+xml"
        ? format
        : throw new ArgumentException($"'{format}' is no kind of picture that front ends show: png, jpeg, webp, gif or svg+xml.", nameof(format));
}
