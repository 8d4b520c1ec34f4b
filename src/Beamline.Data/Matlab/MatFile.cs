using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Beamline.Data.Matlab;

/// <summary>The numeric arrays of a MATLAB file of level 5 (versions 5 to 7.2; 7.3 is HDF5). Only headers are read until values are asked for.</summary>
internal sealed class MatFile
{
    private const int HeaderBytes = 128;
    private const uint Matrix = 14;
    private const uint Compressed = 15;
    private readonly bool _big;

    private MatFile(string path)
    {
        FilePath = path;
        using var file = OpenShared(path);
        var head = new byte[HeaderBytes];
        if (file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !HasMark(head))
        {
            throw new DataFormatException(path, "this is not a MATLAB file of level 5. Save it in MATLAB with: save('name.mat', '-v7').");
        }

        _big = head[126] == 'M';
        var arrays = new List<MatArray>();
        var tag = new byte[8];
        while (file.ReadAtLeast(tag, 8, throwOnEndOfStream: false) == 8)
        {
            var (kind, size, start) = (UInt(tag), UInt(tag.AsSpan(4)), file.Position);
            if (start + size > file.Length)
            {
                throw new DataFormatException(
                    path, $"the file is cut off: a variable of {size:N0} bytes begins at byte {start:N0} of {file.Length:N0}. Was it copied completely?");
            }

            if (kind is Matrix or Compressed)
            {
                using var content = Content(file, start, size, kind == Compressed);
                var elements = new MatElements(content, _big, path);
                if (elements.Header() is { } found)
                {
                    arrays.Add(found with { Start = start, Bytes = size, IsCompressed = kind == Compressed });
                }
            }

            file.Position = start + size;
        }

        Arrays = arrays;
    }

    internal string FilePath { get; }

    internal IReadOnlyList<MatArray> Arrays { get; }

    internal static bool IsMat(string path)
    {
        using var file = OpenShared(path);
        var head = new byte[HeaderBytes];
        return file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes && HasMark(head);
    }

    internal static MatFile Open(string path)
    {
        try
        {
            return new MatFile(path);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException or ArgumentException or OverflowException) and not DataFormatException)
        {
            throw new DataFormatException(path, $"this MATLAB file is damaged: {e.Message}", null, e);
        }
    }

    /// <summary>The values of an array as floats, in the file's order: the first axis is the fastest.</summary>
    internal double[] Read(MatArray array)
    {
        try
        {
            using var file = OpenShared(FilePath);
            using var content = Content(file, array.Start, array.Bytes, array.IsCompressed);
            var elements = new MatElements(content, _big, FilePath);
            _ = elements.Header();
            return elements.Values(array);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException or ArgumentException or OverflowException) and not DataFormatException)
        {
            throw new DataFormatException(FilePath, $"the variable {array.Name} is damaged: {e.Message}", array.Name, e);
        }
    }

    private static bool HasMark(byte[] head) =>
        (head[124], head[125], head[126], head[127]) is (0, 1, (byte)'I', (byte)'M') or (1, 0, (byte)'M', (byte)'I');

    private static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);

    private static BufferedStream Content(FileStream file, long start, uint size, bool compressed)
    {
        file.Position = start;
        if (!compressed)
        {
            return new BufferedStream(new LimitedStream(file, size));
        }

        // Inside: one matrix element with a tag of its own, which is skipped.
        var inner = new BufferedStream(new ZLibStream(new LimitedStream(file, size), CompressionMode.Decompress), 1 << 16);
        inner.ReadExactly(new byte[8]);
        return inner;
    }

    private uint UInt(ReadOnlySpan<byte> bytes) =>
        _big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}

/// <summary>A numeric array of a MATLAB file.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Shape">Its size; the first axis is the fastest in the file.</param>
/// <param name="Type">Its class in MATLAB.</param>
internal sealed record MatArray(string Name, int[] Shape, ElementType Type)
{
    internal long Start { get; init; }

    internal uint Bytes { get; init; }

    internal bool IsCompressed { get; init; }

    internal long Length => Shape.Aggregate(1L, (a, b) => checked(a * b));

    public override string ToString() => $"{Name} [{string.Join(" x ", Shape)}] {Type}";
}
