using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>Values of one tensor in a safetensors file.</summary>
/// <param name="Shape">Its edges, outermost first.</param>
/// <param name="Values">Its values, row-major, 32-bit floats.</param>
public sealed record NamedTensor(IReadOnlyList<long> Shape, float[] Values);

/// <summary>
/// Reads and writes safetensors files (huggingface/safetensors, format 0.4): 8 bytes with the length of a JSON header, the header, the values.
/// Written are 32-bit floats; read are F32, F64, F16 and BF16.
/// </summary>
public static class SafetensorsFile
{
    private const int LargestHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    /// <summary>Writes tensors, under a temporary name first.</summary>
    /// <param name="path">The file; an existing one is replaced when all is written.</param>
    /// <param name="tensors">Name and values.</param>
    /// <param name="metadata">Texts that go with them; may be null.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var names = tensors.Keys.Order(StringComparer.Ordinal).ToList();
        var header = Header(tensors, names, metadata);
        var total = names.Sum(n => tensors[n].Values.LongLength * sizeof(float));
        if (total + header.Length + 8 > int.MaxValue)
        {
            throw new ArgumentException("More than 2 GB of weights do not go into one file.", nameof(tensors));
        }

        var bytes = new byte[8 + header.Length + (int)total];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        var at = 8 + header.Length;
        foreach (var name in names)
        {
            var values = MemoryMarshal.AsBytes<float>(tensors[name].Values);
            values.CopyTo(bytes.AsSpan(at));
            at += values.Length;
        }

        AtomicFile.WriteBytes(path, bytes);
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Tensors by name, and the texts that go with them.</returns>
    /// <exception cref="InvalidDataException">It is no such file, cut off, or has another element type; the message says where.</exception>
    public static (IReadOnlyDictionary<string, NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;
        if (length is < 2 or > LargestHeader || bytes[8] != '{')
        {
            throw new InvalidDataException($"{path} is no safetensors file (its header would be {length} bytes long).");
        }

        if (length > bytes.Length - 8)
        {
            throw new InvalidDataException($"{path} is cut off: its header has {length} bytes and the file {bytes.Length}.");
        }

        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            var tensors = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == MetadataKey)
                {
                    foreach (var text in entry.Value.EnumerateObject())
                    {
                        metadata[text.Name] = text.Value.GetString() ?? "";
                    }
                }
                else
                {
                    tensors[entry.Name] = Tensor(path, entry, bytes.AsSpan(8 + (int)length));
                }
            }

            return (tensors, metadata);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"The header of {path} cannot be read: {exception.Message}", exception);
        }
    }

    private static NamedTensor Tensor(string path, JsonProperty entry, ReadOnlySpan<byte> data)
    {
        var type = entry.Value.GetProperty("dtype").GetString();
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64()).ToArray();
        var size = type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => 0 };
        if (size == 0)
        {
            throw new InvalidDataException($"{entry.Name} of {path} has elements of type {type}; F32, F64, F16 and BF16 are read.");
        }

        long count = 1;
        foreach (var edge in shape)
        {
            count = edge >= 0 ? checked(count * edge) : throw new InvalidDataException($"{entry.Name} of {path} has an edge of {edge}.");
        }

        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != checked(count * size))
        {
            throw new InvalidDataException($"{entry.Name} of {path}: bytes {string.Join(" to ", offsets)} do not hold [{string.Join(", ", shape)}] of {type}.");
        }

        if (offsets[1] > data.Length)
        {
            throw new InvalidDataException($"{path} is cut off inside {entry.Name}: {offsets[1] - data.Length} bytes are missing.");
        }

        var own = data.Slice((int)offsets[0], (int)(offsets[1] - offsets[0]));
        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            var at = own[(i * size)..];
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(at) << 16),
            };
        }

        return new NamedTensor(shape, values);
    }

    private static byte[] Header(IReadOnlyDictionary<string, NamedTensor> tensors, List<string> names, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, text);
                }

                json.WriteEndObject();
            }

            var at = 0L;
            foreach (var name in names)
            {
                var tensor = tensors[name];
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var edge in tensor.Shape)
                {
                    json.WriteNumberValue(edge);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += tensor.Values.LongLength * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The values start at a multiple of 8, as other writers have it.
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }
}
