using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>MIME bundles as the protocol and notebook files write them.</summary>
internal static class MimeJson
{
    public static JsonObject Data(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach (var (type, part) in bundle.Parts)
        {
            data[type] = part switch
            {
                byte[] bytes => Convert.ToBase64String(bytes),
                JsonNode json => json.DeepClone(),
                _ => part.ToString(),
            };
        }

        return data;
    }

    public static JsonObject Metadata(MimeBundle bundle)
    {
        var metadata = new JsonObject();
        foreach (var (type, json) in bundle.Metadata)
        {
            metadata[type] = json.DeepClone();
        }

        return metadata;
    }
}
