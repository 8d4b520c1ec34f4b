using System.Buffers.Binary;

namespace Beamline.Data.Hdf5;

/// <summary>Reads the first bytes of a file to say whether it is HDF5 and whether it is all there.</summary>
internal static class Hdf5Superblock
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a];

    internal static bool IsHdf5(string path)
    {
        using var file = OpenShared(path);
        return FindSignature(file) >= 0;
    }

    /// <summary>Whether the program that wrote the file has closed it; false also for files of the oldest format, which do not say.</summary>
    internal static bool IsClosed(string path)
    {
        const int OpenForWriting = 0x05;
        using var file = OpenShared(path);
        var start = FindSignature(file);
        var head = new byte[12];
        file.Position = Math.Max(0, start);
        return start >= 0 && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length &&
            head[8] is 2 or 3 && (head[11] & OpenForWriting) == 0;
    }

    /// <summary>Whether a program has the file open for writing in the way that lets others follow it (single writer, multiple readers).</summary>
    internal static bool IsBeingFollowed(string path)
    {
        const int SwmrWriter = 0x04;
        using var file = OpenShared(path);
        var start = FindSignature(file);
        var head = new byte[12];
        file.Position = Math.Max(0, start);
        return start >= 0 && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length &&
            head[8] is 2 or 3 && (head[11] & SwmrWriter) != 0;
    }

    /// <summary>Throws when the file is no HDF5 file or shorter than its own header says.</summary>
    internal static void Verify(string path)
    {
        using var file = OpenShared(path);
        var start = FindSignature(file);
        if (start < 0)
        {
            throw new DataFormatException(
                path,
                file.Length == 0
                    ? "the file is empty. Copy it again from where it was recorded."
                    : "this is not an HDF5 file (it does not start with the HDF5 signature). " +
                      "For images give a .tif or .npy name, for bare numbers set ScanOptions.Raw.");
        }

        var head = new byte[64];
        file.Position = start;
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read >= 52 && ExpectedLength(head) is { } expected && file.Length < expected)
        {
            throw new DataFormatException(
                path,
                $"the file is cut off: it has {file.Length:N0} bytes and its header promises {expected:N0}. " +
                "Was it copied completely, and did the program that wrote it end normally?");
        }
    }

    private static long? ExpectedLength(ReadOnlySpan<byte> head)
    {
        const byte SwmrWriter = 0x04;
        var (sizeOfOffsets, position) = head[8] switch
        {
            0 => (head[13], 24 + 16),
            1 => (head[13], 28 + 16),
            // A file that is being written (single writer, multiple readers) may be ahead of its header.
            2 or 3 when (head[11] & SwmrWriter) == 0 => (head[9], 12 + 16),
            _ => ((byte)0, 0),
        };
        return sizeOfOffsets == 8 ? BinaryPrimitives.ReadInt64LittleEndian(head[position..]) : null;
    }

    private static long FindSignature(FileStream file)
    {
        // The signature is at byte 0 or, behind a user block, at 512, 1024, 2048 ...
        var bytes = new byte[8];
        for (long start = 0; start + 8 <= file.Length && start <= 1 << 20; start = start == 0 ? 512 : start * 2)
        {
            file.Position = start;
            file.ReadExactly(bytes);
            if (Signature.SequenceEqual(bytes))
            {
                return start;
            }
        }

        return -1;
    }

    private static FileStream OpenShared(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw MissingFile.Error(path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFormatException(path, $"no permission to read {Path.GetFullPath(path)}.", null, e);
        }
    }
}
