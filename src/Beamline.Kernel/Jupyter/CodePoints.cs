namespace Beamline.Kernel;

/// <summary>Jupyter counts places in code points, C# in UTF-16 units.</summary>
internal static class CodePoints
{
    public static int ToUtf16(string text, int codePoints)
    {
        var place = 0;
        while (codePoints-- > 0 && place < text.Length)
        {
            place += IsPair(text, place) ? 2 : 1;
        }

        return place;
    }

    public static int FromUtf16(string text, int place)
    {
        var count = 0;
        for (var i = 0; i < place && i < text.Length; count++)
        {
            i += IsPair(text, i) ? 2 : 1;
        }

        return count;
    }

    private static bool IsPair(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
}
