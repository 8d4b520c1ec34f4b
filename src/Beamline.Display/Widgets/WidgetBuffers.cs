using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>The bytes that a front end sent beside a change of state: buffer_paths names the place of each buffer.</summary>
internal sealed class WidgetBuffers
{
    private readonly Dictionary<string, byte[]?> _byKey = new(StringComparer.Ordinal);

    private WidgetBuffers()
    {
    }

    /// <summary>The values that are bytes, or hold some.</summary>
    public IEnumerable<string> Keys => _byKey.Keys;

    /// <summary>The buffers of a message; paths that lead nowhere are passed over.</summary>
    public static WidgetBuffers Of(CommMessage message)
    {
        var made = new WidgetBuffers();
        if (message.Data["buffer_paths"] is JsonArray paths)
        {
            for (var i = 0; i < paths.Count && i < message.Buffers.Count; i++)
            {
                if (paths[i] is JsonArray { Count: > 0 } path && WidgetText.Of(path[0]) is { } key)
                {
                    made._byKey[key] = path.Count == 1 ? message.Buffers[i] : null;
                }
            }
        }

        return made;
    }

    /// <summary>The bytes that are a value; null when it is JSON.</summary>
    /// <exception cref="FormatException">The bytes belong inside a list or an object.</exception>
    public byte[]? At(string key) => !_byKey.TryGetValue(key, out var bytes)
        ? null
        : bytes ?? throw new FormatException("has bytes within a list or object; bytes must be a value of their own");
}
