using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>How a notebook wants its values shown: what its cells registered by type and MIME type.</summary>
internal sealed class UserFormatters
{
    private ImmutableList<(Type Type, string MimeType, Func<object, string?> Write)> _formatters = [];
    private ImmutableList<(Type Type, string[] MimeTypes)> _preferred = [];

    public void Register(Type type, string mimeType, Func<object, string?> write) =>
        ImmutableInterlocked.Update(ref _formatters, all => all.Add((type, mimeType, write)));

    public void Prefer(Type type, string[] mimeTypes) =>
        ImmutableInterlocked.Update(ref _preferred, all => all.Add((type, mimeTypes)));

    public void Clear() => (_formatters, _preferred) = ([], []);

    /// <summary>Shows a value: with the registered formatters where there are some, otherwise by default.</summary>
    public MimeBundle Show(object value, Func<object, MimeBundle> byDefault)
    {
        var type = value.GetType();
        var own = _formatters.IsEmpty ? [] : _formatters.Select(f => f.MimeType).Distinct()
            .Select(mime => Best(_formatters.FindAll(f => f.MimeType == mime), f => f.Type, type))
            .Where(f => f.Write is not null).ToDictionary(f => f.MimeType, f => f.Write);
        var preferred = Best(_preferred, p => p.Type, type).MimeTypes;
        if (own.Count == 0 && preferred is null)
        {
            return byDefault(value);
        }

        // A picture of gigabytes is not drawn only to be thrown away.
        var needsDefault = preferred is null ? !own.ContainsKey(MimeTypes.Html) : preferred.Any(mime => !own.ContainsKey(mime));
        var bundle = needsDefault ? byDefault(value) : MimeBundle.FromText(BuiltInFormatter.OneLine(value, 1000));
        foreach (var (mime, write) in own)
        {
            if (write(value) is { } text)
            {
                bundle = IsJson(mime) && JsonNode.Parse(text) is { } json ? bundle.With(mime, json) : bundle.With(mime, text);
            }
        }

        return preferred is null ? bundle : Only(bundle, value, preferred);
    }

    /// <summary>The parts of a bundle that were asked for, and plain text for terminals.</summary>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public static MimeBundle Only(MimeBundle bundle, object? value, IReadOnlyCollection<string> mimeTypes)
    {
        if (mimeTypes.Contains(MimeTypes.Json) && !bundle.Parts.ContainsKey(MimeTypes.Json) &&
            JsonSerializer.SerializeToNode(value, value?.GetType() ?? typeof(object)) is { } node)
        {
            bundle = bundle.With(MimeTypes.Json, node);
        }

        var kept = MimeBundle.Empty;
        foreach (var (mime, part) in bundle.Parts.Where(p => mimeTypes.Contains(p.Key) || p.Key == MimeTypes.Text))
        {
            kept = part switch
            {
                byte[] bytes => kept.With(mime, bytes),
                JsonNode json => kept.With(mime, json),
                _ => kept.With(mime, part.ToString()!),
            };
            kept = bundle.Metadata.TryGetValue(mime, out var metadata) ? kept.WithMetadata(mime, metadata) : kept;
        }

        return mimeTypes.Any(bundle.Parts.ContainsKey) ? kept : throw new ArgumentException(
            $"There is no {string.Join(" or ", mimeTypes)} of this value. It can be shown as {string.Join(", ", bundle.Parts.Keys)}; " +
            "Formatter.Register adds a way.");
    }

    private static bool IsJson(string mimeType) =>
        mimeType == MimeTypes.Json || mimeType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>The newest entry of the nearest type: the type itself, a base class, an interface, object.</summary>
    private static T? Best<T>(ImmutableList<T> entries, Func<T, Type> typeOf, Type type) => entries
        .Select((entry, i) => (Entry: entry, Distance: Distance(typeOf(entry), type), Age: -i))
        .Where(e => e.Distance >= 0).OrderBy(e => e.Distance).ThenBy(e => e.Age).Select(e => e.Entry).FirstOrDefault();

    private static int Distance(Type registered, Type type)
    {
        const int Interface = 100;
        var steps = 0;
        for (var t = type; t is not null; t = t.BaseType, steps++)
        {
            if (IsSame(registered, t))
            {
                return t == typeof(object) && type != typeof(object) ? 2 * Interface : steps;
            }
        }

        return type.GetInterfaces().Any(t => IsSame(registered, t)) ? Interface : -1;
    }

    private static bool IsSame(Type registered, Type type) =>
        registered == type || (registered.IsGenericTypeDefinition && type.IsGenericType && type.GetGenericTypeDefinition() == registered);
}
