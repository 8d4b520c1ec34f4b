using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Beamline.Notebook;

/// <summary>JSON as one word of a magic line.</summary>
internal static class JsonWord
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Plain);

    /// <summary>Number of characters of the JSON object or list that starts at a place and ends a word; 0 when none does.</summary>
    public static int LengthAt(string line, int start)
    {
        // A lone surrogate cannot be JSON; the encoder would put a question mark in its place and change lengths.
        var bytes = Encoding.UTF8.GetBytes(line[start..]);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return 0;
            }
        }
        catch (JsonException)
        {
            return 0;
        }

        var length = Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed);
        return start + length == line.Length || char.IsWhiteSpace(line[start + length]) ? length : 0;
    }
}
