using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Data.Writing;
using ZstdSharp;

namespace Beamline.Data.Zarr;

/// <summary>
/// Writes a Zarr store with OME-NGFF metadata: version 2 with NGFF 0.4, or version 3 with NGFF 0.5 for names that end in .v3.zarr.
/// One array "0" [z, y, x] of float32, in chunks of one slice of at most 512 x 512, packed with Zstandard.
/// </summary>
internal sealed class ZarrVolumeSink : VolumeSink
{
    private const int Tile = 512;
    private const int Level = 1;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private readonly string _root;
    private readonly bool _version3;
    private readonly int _height;
    private readonly int _width;

    internal ZarrVolumeSink(string folder, VolumeHeader header, bool version3)
        : base(header)
    {
        (_root, _version3) = (folder, version3);
        (_height, _width) = (Math.Min(Tile, header.Rows), Math.Min(Tile, header.Columns));
        Directory.CreateDirectory(Path.Combine(folder, "0"));
    }

    internal static bool IsVersion3(string path) =>
        Path.TrimEndingDirectorySeparator(path).EndsWith(".v3.zarr", StringComparison.OrdinalIgnoreCase);

    internal override void WriteSlice(int z, ReadOnlySpan<float> values)
    {
        var slice = Path.Combine(_root, "0", _version3 ? "c" : "", z.ToString());
        var tilesX = ((Header.Columns - 1) / _width) + 1;
        for (var y = 0; y * _height < Header.Rows; y++)
        {
            Directory.CreateDirectory(Path.Combine(slice, y.ToString()));
            for (var x = 0; x < tilesX; x++)
            {
                File.WriteAllBytes(Path.Combine(slice, y.ToString(), x.ToString()), Packed(values, y * _height, x * _width));
            }
        }
    }

    internal override void Finish()
    {
        if (_version3)
        {
            Write("zarr.json", new JsonObject
            {
                ["zarr_format"] = 3,
                ["node_type"] = "group",
                ["attributes"] = new JsonObject
                {
                    ["ome"] = new JsonObject { ["version"] = "0.5", ["multiscales"] = new JsonArray(Multiscale()) },
                    ["beamline"] = JsonNode.Parse(Header.ToJson()),
                },
            });
            Write("0/zarr.json", ArrayVersion3());
            return;
        }

        var image = Multiscale();
        image["version"] = "0.4";
        Write(".zgroup", new JsonObject { ["zarr_format"] = 2 });
        Write(".zattrs", new JsonObject { ["multiscales"] = new JsonArray(image), ["beamline"] = JsonNode.Parse(Header.ToJson()) });
        Write("0/.zarray", ArrayVersion2());
    }

    public override void Dispose()
    {
    }

    private byte[] Packed(ReadOnlySpan<float> slice, int row, int column)
    {
        // Chunks at the edge have the full size, too; what lies outside is the fill value.
        var tile = new float[_height * _width];
        var columns = Math.Min(_width, Header.Columns - column);
        for (var y = 0; y < Math.Min(_height, Header.Rows - row); y++)
        {
            slice.Slice(((row + y) * Header.Columns) + column, columns).CopyTo(tile.AsSpan(y * _width));
        }

        using var compressor = new Compressor(Level);
        return compressor.Wrap(MemoryMarshal.AsBytes(tile.AsSpan())).ToArray();
    }

    private JsonObject Multiscale()
    {
        var size = Header.VoxelSize;
        JsonObject Axis(string name) => size is null
            ? new JsonObject { ["name"] = name, ["type"] = "space" }
            : new JsonObject { ["name"] = name, ["type"] = "space", ["unit"] = "micrometer" };
        var scale = size is { } s ? new JsonArray(s.Z.Micrometers, s.Y.Micrometers, s.X.Micrometers) : new JsonArray(1, 1, 1);
        return new JsonObject
        {
            ["name"] = Header.Quantity.Name ?? "",
            ["axes"] = new JsonArray(Axis("z"), Axis("y"), Axis("x")),
            ["datasets"] = new JsonArray(new JsonObject
            {
                ["path"] = "0",
                ["coordinateTransformations"] = new JsonArray(new JsonObject { ["type"] = "scale", ["scale"] = scale }),
            }),
        };
    }

    private JsonObject ArrayVersion2() => new()
    {
        ["zarr_format"] = 2,
        ["shape"] = new JsonArray(Header.Slices, Header.Rows, Header.Columns),
        ["chunks"] = new JsonArray(1, _height, _width),
        ["dtype"] = "<f4",
        ["order"] = "C",
        ["fill_value"] = 0.0,
        ["filters"] = null,
        ["compressor"] = new JsonObject { ["id"] = "zstd", ["level"] = Level },
        ["dimension_separator"] = "/",
    };

    private JsonObject ArrayVersion3() => new()
    {
        ["zarr_format"] = 3,
        ["node_type"] = "array",
        ["shape"] = new JsonArray(Header.Slices, Header.Rows, Header.Columns),
        ["data_type"] = "float32",
        ["chunk_grid"] = new JsonObject
        {
            ["name"] = "regular",
            ["configuration"] = new JsonObject { ["chunk_shape"] = new JsonArray(1, _height, _width) },
        },
        ["chunk_key_encoding"] = new JsonObject { ["name"] = "default", ["configuration"] = new JsonObject { ["separator"] = "/" } },
        ["fill_value"] = 0.0,
        ["codecs"] = new JsonArray(
            new JsonObject { ["name"] = "bytes", ["configuration"] = new JsonObject { ["endian"] = "little" } },
            new JsonObject { ["name"] = "zstd", ["configuration"] = new JsonObject { ["level"] = Level, ["checksum"] = false } }),
        ["dimension_names"] = new JsonArray("z", "y", "x"),
        ["attributes"] = new JsonObject(),
    };

    private void Write(string name, JsonObject content) => File.WriteAllText(Path.Combine(_root, name), content.ToJsonString(Readable) + "\n");
}
