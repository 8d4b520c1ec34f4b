using System.Text;

namespace Beamline.Kernel;

/// <summary>
/// The XML documentation file of one assembly. Only the places of its members are kept in memory (the framework has
/// 31 MB of such text); what is asked for is read from the file.
/// </summary>
internal sealed class DocFile
{
    private const int LongestMember = 1 << 18;

    private readonly string _path;
    private readonly Dictionary<ulong, long> _places;

    private DocFile(string path, Dictionary<ulong, long> places) => (_path, _places) = (path, places);

    /// <returns>The file, or null when it cannot be read.</returns>
    public static DocFile? Open(string path)
    {
        try
        {
            return new DocFile(path, Index(File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>The member element as XML, or null when the file has none for the id.</returns>
    public string? Read(string id)
    {
        if (!_places.TryGetValue(Hash(Encoding.UTF8.GetBytes(id)), out var place))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(_path);
            file.Seek(place, SeekOrigin.Begin);
            var text = new byte[(int)Math.Min(LongestMember, file.Length - place)];
            file.ReadExactly(text);
            ReadOnlySpan<byte> start = "<member name=\""u8, close = "</member>"u8;
            var end = text.AsSpan().IndexOf(close);
            var name = text.AsSpan(start.Length);

            // Two names with one hash would show the wrong text.
            return end > 0 && name.StartsWith(Encoding.UTF8.GetBytes(id + "\""))
                ? Encoding.UTF8.GetString(text.AsSpan(0, end + close.Length))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Dictionary<ulong, long> Index(byte[] text)
    {
        ReadOnlySpan<byte> start = "<member name=\""u8;
        var places = new Dictionary<ulong, long>();
        for (var at = 0; text.AsSpan(at).IndexOf(start) is var next and >= 0;)
        {
            at += next;
            var length = text.AsSpan(at + start.Length).IndexOf((byte)'"');
            if (length < 0)
            {
                break;
            }

            places.TryAdd(Hash(text.AsSpan(at + start.Length, length)), at);
            at += start.Length + length;
        }

        places.TrimExcess();
        return places;
    }

    // FNV-1a.
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in text)
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return hash;
    }
}
