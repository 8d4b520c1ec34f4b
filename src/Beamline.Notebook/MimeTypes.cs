namespace Beamline.Notebook;

/// <summary>Names of the MIME types that Beamline shows.</summary>
public static class MimeTypes
{
    /// <summary>Plain text: what a terminal shows.</summary>
    public const string Text = "text/plain";

    /// <summary>HTML: what most front ends show.</summary>
    public const string Html = "text/html";

    /// <summary>Markdown.</summary>
    public const string Markdown = "text/markdown";

    /// <summary>A PNG picture; bytes.</summary>
    public const string Png = "image/png";

    /// <summary>An SVG picture; text.</summary>
    public const string Svg = "image/svg+xml";

    /// <summary>A JPEG picture; bytes.</summary>
    public const string Jpeg = "image/jpeg";

    /// <summary>JSON.</summary>
    public const string Json = "application/json";

    /// <summary>A figure of plotly.js: an object with data and layout.</summary>
    public const string Plotly = "application/vnd.plotly.v1+json";
}
