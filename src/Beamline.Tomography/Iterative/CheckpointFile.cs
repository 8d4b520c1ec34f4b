using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Slabs and numbers in a file that is either there whole or not at all: it is written under another name, flushed to the
/// disk and then renamed. A checksum at the end tells of a damaged one.
/// </summary>
internal static unsafe class CheckpointFile
{
    private const int ChecksumBytes = 32;
    private const int BlockBytes = 1 << 20;
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("BLITER01");

    internal static void Write(string path, Action<Writer> content)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BlockBytes))
            {
                var writer = new Writer(file);
                writer.Bytes(Magic);
                content(writer);
                file.Write(writer.Checksum());
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException e)
        {
            File.Delete(temporary);
            throw new IOException(
                $"The checkpoint {path} could not be written: {e.Message} The one before it is still good. Give the folder more room, " +
                "or run without CheckpointFolder.", e);
        }
    }

    /// <summary>Reads a file that was checked as a whole first, so that a damaged one changes nothing.</summary>
    internal static void Read(string path, Action<Reader> content)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes);
        if (!IsWhole(file))
        {
            throw new InvalidDataException(
                $"The checkpoint {path} is damaged. Delete its folder to begin anew.");
        }

        file.Position = Magic.Length;
        content(new Reader(file, path));
    }

    private static bool IsWhole(FileStream file)
    {
        if (file.Length < Magic.Length + ChecksumBytes)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        for (var left = file.Length - ChecksumBytes; left > 0;)
        {
            var count = (int)Math.Min(left, block.Length);
            file.ReadExactly(block.AsSpan(0, count));
            hash.AppendData(block, 0, count);
            left -= count;
        }

        file.ReadExactly(block.AsSpan(0, ChecksumBytes));
        return block.AsSpan(0, ChecksumBytes).SequenceEqual(hash.GetHashAndReset());
    }

    /// <summary>Writes and hashes.</summary>
    internal sealed class Writer(Stream stream)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        internal void Bytes(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            stream.Write(bytes);
        }

        internal void Number(long value) => Bytes(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

        internal void Numbers(ReadOnlySpan<double> values)
        {
            Number(values.Length);
            Bytes(MemoryMarshal.AsBytes(values));
        }

        internal void Slab(InterleavedSlab slab)
        {
            Number(slab.FloatCount);
            var start = (byte*)(slab.Origin - slab.OriginOffset);
            var length = slab.FloatCount * sizeof(float);
            for (long done = 0; done < length;)
            {
                var count = (int)Math.Min(length - done, BlockBytes);
                Bytes(new ReadOnlySpan<byte>(start + done, count));
                done += count;
            }

            GC.KeepAlive(slab);
        }

        internal byte[] Checksum() => _hash.GetHashAndReset();
    }

    /// <summary>Reads in the order of writing.</summary>
    internal sealed class Reader(Stream stream, string path)
    {
        internal long Number()
        {
            long value = 0;
            stream.ReadExactly(MemoryMarshal.AsBytes(new Span<long>(ref value)));
            return value;
        }

        internal byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            stream.ReadExactly(bytes);
            return bytes;
        }

        internal void Numbers(Span<double> values)
        {
            Expect(values.Length);
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
        }

        internal void Slab(InterleavedSlab slab)
        {
            Expect(slab.FloatCount);
            var start = (byte*)(slab.Origin - slab.OriginOffset);
            var length = slab.FloatCount * sizeof(float);
            for (long done = 0; done < length;)
            {
                var count = (int)Math.Min(length - done, BlockBytes);
                stream.ReadExactly(new Span<byte>(start + done, count));
                done += count;
            }

            GC.KeepAlive(slab);
        }

        private void Expect(long length)
        {
            if (Number() is var found && found != length)
            {
                throw new InvalidDataException($"The checkpoint {path} holds {found} values where {length} are needed. Delete its folder to begin anew.");
            }
        }
    }
}
