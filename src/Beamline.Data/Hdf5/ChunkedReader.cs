using System.Buffers;
using System.Reflection;
using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>Reads blocks of a chunked dataset whose filters are all ours. Not for several threads at once; belongs to one handle.</summary>
internal sealed class ChunkedReader
{
    private readonly string _file;
    private readonly string _path;
    private readonly int _elementBytes;
    private readonly int[] _chunkShape;
    private readonly ulong[] _counts;
    private readonly Func<ulong, StoredChunk?> _find;
    private readonly PureHdfInternals.ReadBytesAt _readAt;
    private readonly Func<long> _fileLength;
    private readonly ChunkPipeline _pipeline;
    private readonly byte[]? _fillValue;

    // The chunk read last: a scan that is read a few rows at a time asks for the same one again.
    private readonly byte[] _chunk;
    private ulong? _inChunk;

    internal ChunkedReader(string file, string path, NativeDataset dataset)
    {
        (_file, _path) = (file, path);
        _elementBytes = dataset.Type.Size;
        _chunkShape = Array.ConvertAll(Hdf5Type.ChunkShape(dataset), c => checked((int)c));
        var bytes = _chunkShape.Aggregate((long)_elementBytes, (a, b) => checked(a * b));
        if (bytes > Array.MaxLength / 2)
        {
            throw new DataFormatException(
                file, $"{path} has chunks of {bytes:N0} bytes, more than Beamline decodes at once. Rewrite it: h5repack -l CHUNK=1xROWSxCOLUMNS", path);
        }

        (_counts, _find) = PureHdfInternals.Chunks(dataset);
        (_readAt, _fileLength) = PureHdfInternals.Bytes(dataset);
        _pipeline = new ChunkPipeline(dataset, (int)bytes);
        _fillValue = PureHdfInternals.FillValue(dataset) is { } fill && fill.Length == _elementBytes ? fill : null;
        _chunk = new byte[bytes];
    }

    /// <summary>Whether a dataset is of the kind that is read here.</summary>
    internal static bool Reads(NativeDataset dataset) =>
        dataset.Layout.Class == H5DataLayoutClass.Chunked && PureHdfInternals.Filters(dataset).Count > 0 && ChunkPipeline.Knows(dataset);

    /// <summary>Reads a block [start, start + count), as stored, row-major.</summary>
    internal void Read(long[] start, long[] count, Span<byte> destination)
    {
        var rank = start.Length;
        var index = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            index[axis] = start[axis] / _chunkShape[axis];
        }

        while (true)
        {
            Load(index);
            CopyOut(index, start, count, destination);
            var next = rank - 1;
            for (; next >= 0; next--)
            {
                if ((index[next] + 1) * _chunkShape[next] < start[next] + count[next])
                {
                    index[next]++;
                    break;
                }

                index[next] = start[next] / _chunkShape[next];
            }

            if (next < 0)
            {
                return;
            }
        }
    }

    private void Load(long[] index)
    {
        var linear = 0UL;
        for (var axis = 0; axis < index.Length; axis++)
        {
            linear = (linear * _counts[axis]) + (ulong)index[axis];
        }

        if (_inChunk == linear)
        {
            return;
        }

        _inChunk = null;
        if (Find(linear, index) is { } stored)
        {
            Decode(stored, index);
        }
        else
        {
            Fill();
        }

        _inChunk = linear;
    }

    private StoredChunk? Find(ulong linear, long[] index)
    {
        try
        {
            return _find(linear);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner and not OutOfMemoryException)
        {
            throw Damaged(index, $"the list of chunks cannot be read: {inner.Message.TrimEnd('.')}", inner);
        }
    }

    private void Decode(StoredChunk stored, long[] index)
    {
        if (stored.Size > (ulong)_pipeline.MostStoredBytes || stored.Address + stored.Size > (ulong)_fileLength())
        {
            throw Damaged(index, $"it would lie at bytes {stored.Address:N0} to {stored.Address + stored.Size:N0} of a file of {_fileLength():N0} bytes");
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, (int)stored.Size));
        try
        {
            var span = bytes.AsSpan(0, (int)stored.Size);
            _readAt(stored.Address, span);
            _pipeline.Decode(span, stored.FilterMask, _chunk);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(index, e.Message.TrimEnd('.'), e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Fill()
    {
        _chunk.AsSpan().Clear();
        for (var at = 0; _fillValue is not null && at < _chunk.Length; at += _elementBytes)
        {
            _fillValue.CopyTo(_chunk, at);
        }
    }

    private void CopyOut(long[] index, long[] start, long[] count, Span<byte> destination)
    {
        var rank = start.Length;
        var from = new long[rank];
        var until = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            var first = index[axis] * _chunkShape[axis];
            from[axis] = Math.Max(start[axis], first);
            until[axis] = Math.Min(start[axis] + count[axis], first + _chunkShape[axis]);
        }

        var run = (int)(until[^1] - from[^1]) * _elementBytes;
        var at = (long[])from.Clone();
        while (true)
        {
            long inChunk = 0, inBlock = 0;
            for (var axis = 0; axis < rank; axis++)
            {
                inChunk = (inChunk * _chunkShape[axis]) + at[axis] - (index[axis] * _chunkShape[axis]);
                inBlock = (inBlock * count[axis]) + at[axis] - start[axis];
            }

            _chunk.AsSpan((int)(inChunk * _elementBytes), run).CopyTo(destination[(int)(inBlock * _elementBytes)..]);
            var next = rank - 2;
            while (next >= 0 && ++at[next] == until[next])
            {
                at[next] = from[next];
                next--;
            }

            if (next < 0)
            {
                return;
            }
        }
    }

    private DataFormatException Damaged(long[] index, string reason, Exception? inner = null)
    {
        var first = Array.ConvertAll(Enumerable.Range(0, index.Length).ToArray(), a => index[a] * _chunkShape[a]);
        return new DataFormatException(
            _file,
            $"{_path} cannot be read at [{string.Join(',', first)}]: this chunk is damaged: {reason}. The other chunks can be read. Copy the file again from " +
            "where it was recorded, or leave these frames out.",
            _path,
            inner);
    }
}
