using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Data.Zarr;

/// <summary>The metadata of one Zarr array of version 2 or 3, checked: shape, chunks, type, codecs and where its chunks are.</summary>
internal sealed class ZarrArray
{
    private readonly string _separator;
    private readonly string _prefix;
    private readonly List<ZarrCodecs.Decoder> _decoders = [];

    private ZarrArray(string folder, JsonObject metadata, bool version3)
    {
        Folder = folder;
        var grid = version3 ? metadata["chunk_grid"]?["configuration"]?["chunk_shape"] : metadata["chunks"];
        Shape = [.. metadata["shape"]!.AsArray().Select(n => (long)n!)];
        Chunks = [.. grid!.AsArray().Select(n => (int)n!)];
        if (Shape.Length != Chunks.Length || Shape.Any(n => n < 0) || Chunks.Any(n => n < 1))
        {
            throw Bad($"the shape [{string.Join(',', Shape)}] and the chunks [{string.Join(',', Chunks)}] do not fit");
        }

        FillValue = metadata["fill_value"] switch
        {
            null => null,
            JsonValue v when v.TryGetValue<double>(out var number) => number,
            var other => other.ToString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => null },
        };
        if (version3)
        {
            var encoding = metadata["chunk_key_encoding"];
            var isDefault = (string?)encoding?["name"] is null or "default";
            _separator = (string?)encoding?["configuration"]?["separator"] ?? (isDefault ? "/" : ".");
            _prefix = isDefault ? "c" + _separator : "";
            Type = ElementType.Parse((string)metadata["data_type"]!);
            ReadCodecs(metadata["codecs"]!.AsArray());
        }
        else
        {
            _separator = (string?)metadata["dimension_separator"] ?? ".";
            _prefix = "";
            Type = ElementType.Parse((string)metadata["dtype"]!);
            if ((string?)metadata["order"] == "F")
            {
                throw Bad("it is in Fortran order (\"order\": \"F\"), which Beamline does not read. Write it again with order=\"C\"");
            }

            foreach (var filter in metadata["filters"] as JsonArray ?? [])
            {
                Add((string)filter!["id"]!, filter.AsObject());
            }

            if (metadata["compressor"] is JsonObject compressor)
            {
                Add((string)compressor["id"]!, compressor);
            }
        }

        ChunkBytes = checked((int)Chunks.Aggregate((long)Type.Size, (a, b) => checked(a * b)));
    }

    internal string Folder { get; }

    internal long[] Shape { get; }

    internal int[] Chunks { get; }

    internal ElementType Type { get; private set; }

    /// <summary>What a chunk that is not there stands for; null when the store does not say.</summary>
    internal double? FillValue { get; }

    internal int ChunkBytes { get; }

    /// <summary>Whether a folder holds an array.</summary>
    internal static bool IsArray(string folder) => File.Exists(Path.Combine(folder, ".zarray")) ||
        ((string?)ZarrStore.ReadJson(Path.Combine(folder, "zarr.json"))?["node_type"] == "array");

    internal static ZarrArray Open(string folder)
    {
        var second = Path.Combine(folder, ".zarray");
        var version3 = !File.Exists(second);
        var file = version3 ? Path.Combine(folder, "zarr.json") : second;
        try
        {
            return new ZarrArray(folder, ZarrStore.ReadJson(file) ?? throw new DataFormatException(folder, "this folder holds no Zarr array (.zarray or zarr.json)."), version3);
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new DataFormatException(folder, $"{Path.GetFileName(file)} does not describe an array that can be read: {e.Message}", null, e);
        }
    }

    /// <summary>Name of a chunk's file inside the array's folder.</summary>
    internal string ChunkName(ReadOnlySpan<long> index) => _prefix + string.Join(_separator, index.ToArray());

    /// <summary>Reads and decodes a chunk; false when its file is not there.</summary>
    /// <exception cref="DataFormatException">The chunk is damaged.</exception>
    internal bool TryReadChunk(ReadOnlySpan<long> index, out byte[] chunk)
    {
        var name = ChunkName(index);
        var path = Path.Combine(Folder, name.Replace('/', Path.DirectorySeparatorChar));
        chunk = [];
        try
        {
            var length = new FileInfo(path) is { Exists: true } file ? file.Length : -1;
            if (length < 0)
            {
                return false;
            }

            if (length > ChunkBytes + (ChunkBytes / 8L) + 65_536)
            {
                throw new InvalidDataException($"its file has {length:N0} bytes where a chunk has {ChunkBytes:N0}");
            }

            var bytes = File.ReadAllBytes(path);
            for (var i = _decoders.Count - 1; i >= 0; i--)
            {
                bytes = _decoders[i](bytes, ChunkBytes + 64);
            }

            chunk = bytes.Length == ChunkBytes ? bytes : throw new InvalidDataException($"it holds {bytes.Length:N0} bytes where a chunk has {ChunkBytes:N0}");
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            throw new DataFormatException(Folder, $"the chunk {name} is damaged: {e.Message.TrimEnd('.')}. Copy the store again.", name, e);
        }
    }

    public override string ToString() => $"{Path.GetFileName(Folder)} [{string.Join(',', Shape)}] {Type}";

    private void ReadCodecs(JsonArray codecs)
    {
        foreach (var codec in codecs)
        {
            var name = (string)codec!["name"]!;
            var settings = codec["configuration"] as JsonObject ?? [];
            if (name == "bytes")
            {
                Type = (string?)settings["endian"] == "big" && Type.Size > 1 ? Type.AsBigEndian() : Type;
            }
            else
            {
                Add(name, settings);
            }
        }
    }

    private void Add(string name, JsonObject settings) => _decoders.Add(ZarrCodecs.Of(name, settings) ?? throw Bad(
        $"its chunks pass through the codec '{name}', which Beamline cannot undo. It reads zlib, gzip, zstd, lz4, blosc, shuffle and crc32c"));

    private DataFormatException Bad(string why) => new(Folder, $"this Zarr array cannot be read: {why}.");
}
