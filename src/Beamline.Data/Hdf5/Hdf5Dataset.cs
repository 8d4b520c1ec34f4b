using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beamline.Data.Hdf5.Native;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>One numeric dataset: checked once, then read in blocks from any thread as floats or doubles.</summary>
internal sealed class Hdf5Dataset
{
    private const long PieceBytes = 16L << 20;
    private readonly Hdf5HandlePool _pool;
    private readonly bool _ownChunks;
    private readonly ChunkMaskGuard? _maskGuard;
    private readonly Hdf5NativeDataset? _native;
    private readonly ConditionalWeakTable<Hdf5Handle, Opened> _opened = [];

    /// <summary>Finds a dataset and refuses what cannot be read right.</summary>
    /// <exception cref="DataFormatException">It is not there, or cannot be read.</exception>
    internal Hdf5Dataset(Hdf5HandlePool pool, string path)
    {
        (_pool, Path) = (pool, path);
        (Shape, Type, _ownChunks, _maskGuard, ChunkShape, var need) = pool.Use(handle =>
        {
            var dataset = handle.Dataset(path);
            if (!Hdf5Type.TryGetElementType(dataset, out var type, out var problem))
            {
                throw new DataFormatException(pool.FilePath, $"{path} cannot be read as numbers: {problem}.", path);
            }

            var need = Hdf5Guards.Check(pool.FilePath, path, dataset);
            var chunks = Array.ConvertAll(Hdf5Type.ChunkShape(dataset), c => (long)c);
            var own = ChunkedReader.Reads(dataset);
            var managed = own || need is not null || pool.Live is not null;
            return (Hdf5Type.Shape(dataset), type, own, managed ? null : ChunkMaskGuard.For(pool.FilePath, path, dataset), chunks, need);
        });

        // A file that is being written is followed by libhdf5 where that is there; else only it is asked for what managed code cannot read.
        if (pool.Live is { } live)
        {
            _native = live.Dataset(path);
            Shape = _native.Refresh();
        }
        else if (need is not null)
        {
            _native = pool.Native(LibHdf5.Needed(pool.FilePath, path, need)).Dataset(path);
            Shape = _native.Shape;
        }
    }

    internal string FilePath => _pool.FilePath;

    internal string Path { get; }

    internal long[] Shape { get; }

    /// <summary>Shape of a chunk; empty for a dataset without chunks.</summary>
    internal long[] ChunkShape { get; }

    internal ElementType Type { get; }

    internal long Length => Shape.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>Shape and type in words, for messages.</summary>
    public override string ToString() => $"{Path} [{string.Join(',', Shape)}] {Type}";

    /// <summary>Reads everything as doubles; for angles and other short lists.</summary>
    internal double[] ReadDoubles()
    {
        var values = new double[Length];
        Read<double>(new long[Shape.Length], Shape, values, NumberConversion.ToDoubles);
        return values;
    }

    /// <summary>Reads a block [start, start + count) as floats, row-major.</summary>
    internal void ReadFloats(long[] start, long[] count, Span<float> destination) =>
        Read(start, count, destination, NumberConversion.ToFloats);

    private delegate void Converter<T>(Span<byte> stored, ElementType type, Span<T> destination);

    private void Read<T>(long[] start, long[] count, Span<T> destination, Converter<T> convert)
    {
        if (count.Aggregate(1L, (a, b) => a * b) == 0)
        {
            return;
        }

        ObjectDisposedException.ThrowIf(_pool.IsDisposed, _pool);
        if (Shape.Length == 0)
        {
            ReadPiece([], [], destination[..1], convert);
            return;
        }

        // Spans end at 2^31 bytes, and stored bytes need a buffer: read in pieces of whole chunks along the first axis.
        var perStep = count.Skip(1).Aggregate(1L, (a, b) => a * b);
        var stepsAPiece = Math.Max(1, PieceBytes / Math.Max(1, perStep * Type.Size));
        var depth = ChunkShape.Length > 0 ? ChunkShape[0] : 1;
        stepsAPiece = Math.Max(depth, stepsAPiece / depth * depth);
        for (long done = 0; done < count[0];)
        {
            var first = start[0] + done;
            var untilBoundary = stepsAPiece - (first % stepsAPiece);
            var steps = Math.Min(untilBoundary, count[0] - done);
            var pieceStart = (long[])start.Clone();
            var pieceCount = (long[])count.Clone();
            (pieceStart[0], pieceCount[0]) = (first, steps);
            ReadPiece(pieceStart, pieceCount, destination.Slice((int)(done * perStep), (int)(steps * perStep)), convert);
            done += steps;
        }
    }

    private void ReadPiece<T>(long[] start, long[] count, Span<T> destination, Converter<T> convert)
    {
        var bytes = checked(destination.Length * Type.Size);
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            if (_native is not null)
            {
                _native.Read(start, count, buffer.AsSpan(0, bytes));
            }
            else
            {
                _pool.Use(handle =>
                {
                    ReadBytes(handle, start, count, buffer.AsSpan(0, bytes));
                    return true;
                });
            }

            convert(buffer.AsSpan(0, bytes), Type, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadBytes(Hdf5Handle handle, long[] start, long[] count, Span<byte> buffer)
    {
        var opened = _opened.GetValue(handle, h => new Opened(h.Dataset(Path), FilePath, Path, _ownChunks, _maskGuard is not null));
        try
        {
            // Bytes, not numbers: PureHDF neither converts types nor swaps bytes, so that is done by NumberConversion.
            if (start.Length == 0)
            {
                opened.Dataset.Read<byte>(buffer);
                return;
            }

            if (opened.Chunks is { } chunks)
            {
                chunks.Read(start, count, buffer);
                return;
            }

            var from = Array.ConvertAll(start, s => (ulong)s);
            var length = Array.ConvertAll(count, c => (ulong)c);
            _maskGuard?.Check(opened.ChunkCounts, opened.MaskOfChunk!, from, length);
            var block = new HyperslabSelection(start.Length, from, length);
            if (opened.Dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
            {
                ReadVirtual(opened.Dataset, buffer, block);
            }
            else
            {
                opened.Dataset.Read<byte>(buffer, block);
            }
        }
        catch (Exception e) when (e is not (DataFormatException or OutOfMemoryException or OperationCanceledException))
        {
            throw new DataFormatException(
                FilePath,
                $"{Path} cannot be read at [{string.Join(',', start)}]: {e.Message} The file may be damaged or still being written.",
                Path,
                e);
        }
    }

    // A virtual dataset is read only as its own type; the guards made sure that its sources have it, too.
    private void ReadVirtual(NativeDataset dataset, Span<byte> buffer, HyperslabSelection block)
    {
        switch (Type.Kind, Type.Size)
        {
            case (_, 1): dataset.Read<byte>(buffer, block); break;
            case (ElementKind.Unsigned, 2): dataset.Read(MemoryMarshal.Cast<byte, ushort>(buffer), block); break;
            case (ElementKind.Unsigned, 4): dataset.Read(MemoryMarshal.Cast<byte, uint>(buffer), block); break;
            case (ElementKind.Unsigned, 8): dataset.Read(MemoryMarshal.Cast<byte, ulong>(buffer), block); break;
            case (ElementKind.Signed, 2): dataset.Read(MemoryMarshal.Cast<byte, short>(buffer), block); break;
            case (ElementKind.Signed, 4): dataset.Read(MemoryMarshal.Cast<byte, int>(buffer), block); break;
            case (ElementKind.Signed, 8): dataset.Read(MemoryMarshal.Cast<byte, long>(buffer), block); break;
            case (ElementKind.Float, 2): dataset.Read(MemoryMarshal.Cast<byte, Half>(buffer), block); break;
            case (ElementKind.Float, 4): dataset.Read(MemoryMarshal.Cast<byte, float>(buffer), block); break;
            default: dataset.Read(MemoryMarshal.Cast<byte, double>(buffer), block); break;
        }
    }

    private sealed class Opened
    {
        internal Opened(NativeDataset dataset, string file, string path, bool ownChunks, bool masks)
        {
            Dataset = dataset;
            Chunks = ownChunks ? new ChunkedReader(file, path, dataset) : null;
            if (masks)
            {
                (ChunkCounts, MaskOfChunk) = PureHdfInternals.ChunkMasks(dataset);
            }
        }

        internal NativeDataset Dataset { get; }

        /// <summary>Reads the chunks with our own filters; null where PureHDF reads.</summary>
        internal ChunkedReader? Chunks { get; }

        internal ulong[] ChunkCounts { get; } = [];

        internal Func<ulong, uint>? MaskOfChunk { get; }
    }
}
