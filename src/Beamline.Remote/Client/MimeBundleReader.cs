using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>Reads MIME bundles as notebook files have them.</summary>
internal static class MimeBundleReader
{
    public static MimeBundle Read(JsonObject? data, JsonObject? metadata)
    {
        var bundle = MimeBundle.Empty;
        foreach (var (type, part) in data ?? [])
        {
            bundle = part switch
            {
                JsonValue value when value.GetValueKind() == JsonValueKind.String => With(bundle, type, (string)value!),
                JsonArray lines when !IsJson(type) && lines.All(l => l?.GetValueKind() == JsonValueKind.String) => With(bundle, type, string.Concat(lines.Select(l => (string)l!))),
                null => bundle,
                _ => bundle.With(type, part.DeepClone()),
            };
        }

        foreach (var (type, part) in metadata ?? [])
        {
            if (part is not null)
            {
                bundle = bundle.WithMetadata(type, part.DeepClone());
            }
        }

        return bundle;
    }

    private static MimeBundle With(MimeBundle bundle, string type, string text)
    {
        if (type.StartsWith("image/", StringComparison.Ordinal) && type != MimeTypes.Svg)
        {
            try
            {
                return bundle.With(type, Convert.FromBase64String(text));
            }
            catch (FormatException)
            {
                return bundle;
            }
        }

        return IsJson(type) ? bundle.With(type, JsonValue.Create(text)) : bundle.With(type, text);
    }

    private static bool IsJson(string type) => type == MimeTypes.Json || type.EndsWith("+json", StringComparison.Ordinal);
}
