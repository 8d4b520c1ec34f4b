using Beamline.Arrays;
using System.Net;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// A drawn picture of an array with the text that belongs to it: what a notebook shows, and what
/// <see cref="Save"/> writes for a paper. It holds no reference to the array.
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class PictureView
{
    private PictureView(Figure figure, string text, string caption, ViewerPayload? viewer) =>
        (Figure, Text, Caption, Viewer) = (figure, text, caption, viewer);

    /// <summary>The picture as a PNG file, drawn at twice its size on the page.</summary>
    public byte[] Png => Figure.Png;

    /// <summary>Width on the page in CSS pixels; the PNG has twice as many.</summary>
    public int Width => Figure.Width / Ink.Density;

    /// <summary>Height on the page in CSS pixels; the PNG has twice as many.</summary>
    public int Height => Figure.Height / Ink.Density;

    /// <summary>One line about the array: kind, shape, pixel size, range.</summary>
    public string Text { get; }

    /// <summary>The line with the window that the colors stand for.</summary>
    public string Caption { get; }

    /// <summary>
    /// A figure with the picture inside and the caption below, which a viewer replaces where scripts run. Nothing in it is
    /// fetched from elsewhere.
    /// </summary>
    public string Html
    {
        get
        {
            var still = StaticPicture.Html(Png, Width, Height, Text, Caption);
            return Viewer is null ? still : Viewer.Html(still);
        }
    }

    /// <summary>Remembers what the picture is of.</summary>
    internal PictureView Of(object array)
    {
        Source = new WeakReference<object>(array);
        return this;
    }

    /// <summary>Whether this is a picture of an array.</summary>
    internal bool IsOf(object array) => Source?.TryGetTarget(out var mine) == true && ReferenceEquals(mine, array);

    /// <summary>The array, as long as it lives.</summary>
    internal WeakReference<object>? Source { get; private set; }

    internal Figure Figure { get; }

    internal ViewerPayload? Viewer { get; }

    /// <summary>The picture for a front end: text/html, image/png and text/plain.</summary>
    public MimeBundle ToBundle() => OutputBudget.Check(
        MimeBundle.FromHtml(Html, Text).With(MimeTypes.Png, Png).WithMetadata(
            MimeTypes.Png, new JsonObject { ["width"] = Width, ["height"] = Height }),
        Text);

    /// <summary>Writes the PNG file.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <exception cref="IOException">The file cannot be written; none is left half-written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PictureFile.Write(path, Png);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Draws panels; a picture that would make the output too large is drawn smaller.</summary>
    internal static PictureView Draw(
        string title, IReadOnlyList<Panel> panels, ViewOptions options, string text, string window, Func<ViewerPayload>? viewer = null)
    {
        viewer = options.Interactive ? viewer : null;
        var limit = viewer is null ? OutputBudget.PictureBytes : OutputBudget.PictureBytesBesideViewer;
        var edge = options.MaxEdgePixels;
        var figure = FigurePainter.Draw(title, panels, edge);
        // Someone who asked for a larger picture than the default gets it.
        while (options.MaxEdgePixels <= ViewOptions.Default.MaxEdgePixels &&
            figure.Png.Length > limit && edge > 256)
        {
            // Bytes grow with the area.
            edge = Math.Max(256, (int)(edge * 0.95 * Math.Sqrt((double)limit / figure.Png.Length)));
            figure = FigurePainter.Draw(title, panels, edge);
        }

        return new PictureView(figure, text, $"{text}; {window}", viewer?.Invoke());
    }
}

/// <summary>HTML of a picture that carries its bytes with it.</summary>
internal static class StaticPicture
{
    public static string Html(byte[] png, int width, int height, string alternative, string caption) =>
        "<figure style=\"margin:0\">" +
        $"<img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" width=\"{width}\" height=\"{height}\" " +
        $"style=\"max-width:100%;height:auto\" alt=\"{WebUtility.HtmlEncode(alternative)}\">" +
        (caption.Length > 0 ? $"<figcaption style=\"font-size:85%\">{WebUtility.HtmlEncode(caption)}</figcaption>" : "") +
        "</figure>";
}
