using System.Runtime.InteropServices;
using System.Text.Json;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>32-bit floats in memory that may be longer than an array, from and to files.</summary>
internal static class Floats
{
    public const string DType = "<f4";

    /// <summary>A file with the values of an owner of memory.</summary>
    public static unsafe ArrayContent Content(ArrayMemory<float> memory, params long[] shape) => NpyFile.Content(DType, shape, memory.ByteLength, stream =>
    {
        NpyFile.WriteMemory(stream, memory.Pointer, memory.ByteLength);
        GC.KeepAlive(memory);
    });

    /// <summary>A file with the values of an array.</summary>
    public static ArrayContent Content(Func<Span<float>> values, params long[] shape)
    {
        var count = shape.Aggregate(1L, (a, b) => a * b);
        return NpyFile.Content(DType, shape, count * sizeof(float), stream =>
        {
            const int Piece = 1 << 17;
            for (var done = 0; done < count; done += Piece)
            {
                stream.Write(MemoryMarshal.AsBytes(values().Slice(done, (int)Math.Min(Piece, count - done))));
            }
        });
    }

    /// <summary>Reads values into memory, or maps their file when that is asked for.</summary>
    /// <param name="reader">What reads.</param>
    /// <param name="place">The file's place.</param>
    /// <param name="axes">Number of axes that it must have.</param>
    public static unsafe (ArrayMemory<float> Memory, IReadOnlyList<long> Shape) Memory(ValueReader reader, JsonElement place, int axes)
    {
        var (file, header, path) = reader.OpenArray(place, DType, axes);
        using (file)
        {
            var length = NpyFile.CountOf(header.Shape, sizeof(float), path);
            if (reader.Options.Map && header.DType == DType)
            {
                return (ArrayMemory.OpenCopyOnWrite<float>(path, length, header.DataOffset), header.Shape);
            }

            var memory = ArrayMemory.AllocateToFill<float>(length);
            try
            {
                const int Piece = 1 << 26;
                for (long done = 0; done < memory.ByteLength; done += Piece)
                {
                    reader.Options.CancellationToken.ThrowIfCancellationRequested();
                    header.ReadElements(file, new Span<byte>((byte*)memory.Pointer + done, (int)Math.Min(Piece, memory.ByteLength - done)), path);
                }
            }
            catch
            {
                memory.Dispose();
                throw;
            }

            return (memory, header.Shape);
        }
    }

    /// <summary>Reads values into an array.</summary>
    /// <inheritdoc cref="Memory"/>
    public static (float[] Values, IReadOnlyList<long> Shape) Array(ValueReader reader, JsonElement place, int axes)
    {
        var (file, header, path) = reader.OpenArray(place, DType, axes);
        using (file)
        {
            var length = NpyFile.CountOf(header.Shape, sizeof(float), path);
            // Two axes of a picture are 32-bit numbers, and its bytes one span.
            var values = length <= int.MaxValue / sizeof(float) ? GC.AllocateUninitializedArray<float>((int)length)
                : throw new EndpointException($"{path} has {length} values, more than a picture can have");
            header.ReadElements(file, MemoryMarshal.AsBytes(values.AsSpan()), path);
            return (values, header.Shape);
        }
    }

    /// <summary>A length of an axis as an index.</summary>
    public static int Count(long length) => length is > 0 and <= int.MaxValue ? (int)length : throw new EndpointException($"an axis has {length} elements");
}
