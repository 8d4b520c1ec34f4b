namespace Beamline.Display;

/// <summary>The viewer's script, which is built from the folder viewer and carried in the assembly.</summary>
internal static class ViewerScript
{
    /// <summary>The version that the script's global carries: it serves payloads of this version.</summary>
    public const int Version = 1;

    private static readonly Lazy<string> Loaded = new(Read);

    /// <summary>The script, in one line, without the text <c>&lt;/script</c>.</summary>
    public static string Text => Loaded.Value;

    private static string Read()
    {
        using var stream = typeof(ViewerScript).Assembly.GetManifestResourceStream("beamline-viewer.js")
            ?? throw new InvalidOperationException("The assembly lacks its file beamline-viewer.js.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
