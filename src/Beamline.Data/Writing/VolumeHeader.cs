using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Data.Writing;

/// <summary>What a volume file says about its values, in every kind of file the same: as JSON text.</summary>
internal sealed record VolumeHeader(int Slices, int Rows, int Columns)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = false,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal Quantity Quantity { get; init; }

    internal VoxelSize? VoxelSize { get; init; }

    internal Provenance Provenance { get; init; } = Provenance.None;

    /// <summary>One angle for each of the images when they are projections; null for the slices of a volume.</summary>
    internal IReadOnlyList<double>? AnglesDegrees { get; init; }

    /// <summary>How the files of a folder begin that holds one image each.</summary>
    internal string FilePrefix => AnglesDegrees is null ? "recon_" : "projection_";

    internal static VolumeHeader Of(Volume volume) => new(volume.SliceCount, volume.RowCount, volume.ColumnCount)
    {
        Quantity = volume.Quantity,
        VoxelSize = volume.VoxelSize,
        Provenance = volume.Provenance,
    };

    internal Volume NewVolume() => new(Slices, Rows, Columns)
    {
        Quantity = Quantity,
        VoxelSize = VoxelSize,
        Provenance = Provenance,
    };

    /// <summary>The text; the angles are many, and stand in the first file of a folder only.</summary>
    internal string ToJson(bool withAngles = true)
    {
        var node = Node();
        if (withAngles && AnglesDegrees is { } angles)
        {
            node["anglesDegrees"] = new JsonArray([.. angles.Select(a => (JsonNode)a)]);
        }

        return node.ToJsonString(Readable);
    }

    private JsonObject Node() => new()
    {
        ["software"] = "Beamline",
        ["axes"] = AnglesDegrees is null ? "z:y:x" : "theta:y:x",
        // Not "shape": tifffile takes a description with that word for its own.
        ["dimensions"] = new JsonArray(Slices, Rows, Columns),
        ["type"] = "float32",
        ["quantity"] = Quantity.Name ?? "",
        ["unit"] = Quantity.Unit ?? "",
        ["voxelSizeMeters"] = VoxelSize is { } v ? new JsonArray(v.Z.Meters, v.Y.Meters, v.X.Meters) : null,
        ["provenance"] = ProvenanceNode(),
    };

    internal string ProvenanceJson() => ProvenanceNode().ToJsonString(Readable);

    /// <summary>The header with what a JSON text of ours adds; unchanged for other text.</summary>
    internal VolumeHeader WithJson(string? json)
    {
        if (json is null || !json.StartsWith('{'))
        {
            return this;
        }

        try
        {
            var node = JsonNode.Parse(json)!.AsObject();
            var size = node["voxelSizeMeters"]?.AsArray();
            return this with
            {
                Quantity = new Quantity((string?)node["quantity"] ?? "", (string?)node["unit"] ?? ""),
                VoxelSize = size is { Count: 3 }
                    ? new VoxelSize(new Length((double)size[0]!), new Length((double)size[1]!), new Length((double)size[2]!))
                    : VoxelSize,
                Provenance = node["provenance"] is JsonArray steps ? ReadProvenance(steps) : Provenance,
                AnglesDegrees = node["anglesDegrees"] is JsonArray angles ? [.. angles.Select(a => (double)a!)] : AnglesDegrees,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The description of somebody else's program, which only looks like ours.
            return this;
        }
    }

    internal static Provenance ReadProvenance(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonArray steps ? ReadProvenance(steps) : Provenance.None;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Provenance.None;
        }
    }

    private static Provenance ReadProvenance(JsonArray steps)
    {
        var provenance = Provenance.None;
        foreach (var step in steps.OfType<JsonObject>())
        {
            var parameters = step["parameters"] as JsonObject ?? [];
            provenance = provenance.Then(
                (string?)step["operation"] ?? "", [.. parameters.Select(p => (p.Key, (string?)p.Value ?? ""))]);
        }

        return provenance;
    }

    private JsonArray ProvenanceNode() => new([.. Provenance.Steps.Select(step => (JsonNode)new JsonObject
    {
        ["operation"] = step.Operation,
        ["parameters"] = new JsonObject(step.Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
    })]);
}
