using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Data.Xradia;

/// <summary>
/// Reads an OLE2 compound document ([MS-CFB]): a file system of streams in one file. Only the directory and the tables are
/// held in memory; streams are read by position and may be read from several threads at once.
/// </summary>
internal sealed class CompoundFile : IDisposable
{
    private const uint EndOfChain = 0xFFFFFFFE;
    private const uint Free = 0xFFFFFFFF;
    private const int MiniSectorBytes = 64;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly int _sectorBytes;
    private readonly uint _miniCutoff;
    private readonly uint[] _table;
    private readonly uint[] _miniTable;
    private readonly uint[] _miniSectors;
    private readonly Dictionary<string, CompoundStream> _streams = new(StringComparer.OrdinalIgnoreCase);

    private CompoundFile(string path)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            _length = RandomAccess.GetLength(_file);
            var head = new byte[512];
            Fill(head, 0);
            var shift = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(30));
            if (!head.AsSpan(0, 8).SequenceEqual(Signature) || shift is not (9 or 12))
            {
                throw Damaged($"its header has sectors of 2^{shift} bytes");
            }

            _sectorBytes = 1 << shift;
            _miniCutoff = UInt(head, 56);
            _table = ReadTable(head);
            _miniTable = ReadChain(UInt(head, 60));
            var directory = new byte[Chain(UInt(head, 48)).Length * (long)_sectorBytes];
            ReadSectors(Chain(UInt(head, 48)), 0, directory);
            _miniSectors = directory.Length >= 128 && UInt(directory, 116) < EndOfChain - 4 ? Chain(UInt(directory, 116)) : [];
            ReadDirectory(directory);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Paths of all streams, for instance "ImageData1/Image1", with their sizes.</summary>
    internal IEnumerable<(string Path, long Size)> Streams => _streams.Select(s => (s.Key, s.Value.Size));

    private static ReadOnlySpan<byte> Signature => [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

    internal static bool IsCompound(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[8];
        return file.ReadAtLeast(start, 8, throwOnEndOfStream: false) == 8 && start.SequenceEqual(Signature);
    }

    internal static CompoundFile Open(string path)
    {
        try
        {
            return new CompoundFile(path);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new DataFormatException(path, $"this compound document is damaged: {e.Message}", null, e);
        }
    }

    /// <summary>Size of a stream; null when there is none.</summary>
    internal long? SizeOf(string stream) => _streams.TryGetValue(stream, out var found) ? found.Size : null;

    /// <summary>Reads a part of a stream.</summary>
    internal void Read(string stream, long start, Span<byte> destination)
    {
        if (!_streams.TryGetValue(stream, out var found))
        {
            throw Damaged($"it has no stream {stream}");
        }

        if (start < 0 || start > found.Size - destination.Length)
        {
            throw Damaged($"the stream {stream} has {found.Size:N0} bytes where {start + destination.Length:N0} are needed");
        }

        if (found.Size >= _miniCutoff)
        {
            ReadSectors(found.Sectors ??= Chain(found.First), start, destination);
            return;
        }

        // Short streams lie in pieces of 64 bytes inside one stream that belongs to the root.
        var minis = found.Sectors ??= Chain(found.First, _miniTable);
        for (var done = 0; done < destination.Length;)
        {
            var (index, offset) = ((int)((start + done) / MiniSectorBytes), (int)((start + done) % MiniSectorBytes));
            var piece = Math.Min(MiniSectorBytes - offset, destination.Length - done);
            if (index >= minis.Length)
            {
                throw Damaged($"the stream {stream} is cut off");
            }

            ReadSectors(_miniSectors, (minis[index] * (long)MiniSectorBytes) + offset, destination.Slice(done, piece));
            done += piece;
        }
    }

    public void Dispose() => _file.Dispose();

    private static uint UInt(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private uint[] ReadTable(byte[] head)
    {
        // The table's own sectors: 109 in the header, the others in a chain of sectors.
        var own = new List<uint>();
        for (var i = 0; i < 109; i++)
        {
            own.Add(UInt(head, 76 + (4 * i)));
        }

        var sector = new byte[_sectorBytes];
        var seen = 0;
        for (var next = UInt(head, 68); next < EndOfChain - 4 && seen++ <= _length / _sectorBytes; next = UInt(sector, _sectorBytes - 4))
        {
            Fill(sector, Position(next));
            for (var i = 0; i < _sectorBytes - 4; i += 4)
            {
                own.Add(UInt(sector, i));
            }
        }

        var table = new List<uint>();
        foreach (var index in own.Where(i => i != Free))
        {
            Fill(sector, Position(index));
            for (var i = 0; i < _sectorBytes; i += 4)
            {
                table.Add(UInt(sector, i));
            }
        }

        return [.. table];
    }

    private uint[] ReadChain(uint first)
    {
        if (first >= EndOfChain - 4)
        {
            return [];
        }

        var chain = Chain(first);
        var bytes = new byte[chain.Length * (long)_sectorBytes];
        ReadSectors(chain, 0, bytes);
        var numbers = new uint[bytes.Length / 4];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = UInt(bytes, 4 * i);
        }

        return numbers;
    }

    private uint[] Chain(uint first) => Chain(first, _table);

    private uint[] Chain(uint first, uint[] table)
    {
        var chain = new List<uint>();
        for (var sector = first; sector != EndOfChain; sector = table[sector])
        {
            if (sector >= table.Length || chain.Count > table.Length)
            {
                throw Damaged("its table of sectors leads outside the file or in a circle");
            }

            chain.Add(sector);
        }

        return [.. chain];
    }

    private void ReadSectors(uint[] chain, long start, Span<byte> destination)
    {
        for (var done = 0; done < destination.Length;)
        {
            var (index, offset) = ((int)((start + done) / _sectorBytes), (int)((start + done) % _sectorBytes));
            if (index >= chain.Length)
            {
                throw Damaged("a stream is longer than its chain of sectors");
            }

            // Neighboring sectors are read together.
            var run = 1;
            while (index + run < chain.Length && chain[index + run] == chain[index] + run)
            {
                run++;
            }

            var piece = (int)Math.Min((run * (long)_sectorBytes) - offset, destination.Length - done);
            Fill(destination.Slice(done, piece), Position(chain[index]) + offset);
            done += piece;
        }
    }

    private long Position(uint sector) => (sector + 1L) * _sectorBytes;

    private void Fill(Span<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, position);
            if (read == 0)
            {
                throw Damaged($"it is cut off: it has {_length:N0} bytes and byte {position:N0} is needed");
            }

            position += read;
            bytes = bytes[read..];
        }
    }

    private void ReadDirectory(byte[] directory)
    {
        var pending = new Stack<(uint Entry, string Folder)>();
        var seen = new HashSet<uint>();
        pending.Push((0, ""));
        while (pending.TryPop(out var next))
        {
            if (next.Entry == Free)
            {
                continue;
            }

            if ((next.Entry + 1L) * 128 > directory.Length || !seen.Add(next.Entry))
            {
                throw Damaged("its directory leads outside itself or in a circle");
            }

            var at = (int)next.Entry * 128;
            var nameBytes = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(directory.AsSpan(at + 64)) - 2, 0, 62);
            var name = next.Folder + Encoding.Unicode.GetString(directory, at, nameBytes);
            var kind = directory[at + 66];
            if (kind == 2)
            {
                var size = _sectorBytes == 512 ? UInt(directory, at + 120) : BinaryPrimitives.ReadInt64LittleEndian(directory.AsSpan(at + 120));
                _streams[name] = new CompoundStream(UInt(directory, at + 116), Math.Max(0, size));
            }
            else
            {
                pending.Push((UInt(directory, at + 76), kind == 5 ? "" : name + "/"));
            }

            pending.Push((UInt(directory, at + 68), next.Folder));
            pending.Push((UInt(directory, at + 72), next.Folder));
        }
    }

    private DataFormatException Damaged(string why) =>
        new(_path, $"this compound document (OLE2) is damaged: {why}. Copy it again from where it was recorded.");

    private sealed class CompoundStream(uint first, long size)
    {
        internal uint First { get; } = first;

        internal long Size { get; } = size;

        /// <summary>The chain, found on first use; two threads that look find the same.</summary>
        internal uint[]? Sectors { get; set; }
    }
}
