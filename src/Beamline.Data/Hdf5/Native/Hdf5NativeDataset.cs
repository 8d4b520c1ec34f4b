using System.Text;

namespace Beamline.Data.Hdf5.Native;

/// <summary>
/// A dataset open in libhdf5: its shape as it is now, and blocks of it as bytes in the stored type. A virtual dataset ends where the
/// first source ends, so that no frame is part fill value.
/// </summary>
internal sealed unsafe class Hdf5NativeDataset
{
    private const int FirstMissing = 0;
    private readonly Hdf5Functions _library;
    private readonly string _file;
    private readonly string _path;
    private readonly long _type;
    private readonly int _elementBytes;
    private long _id;

    internal Hdf5NativeDataset(Hdf5Functions library, string file, string path, long fileId)
    {
        (_library, _file, _path) = (library, file, path);
        var access = library.CreateProperties(library.DatasetAccess);
        _ = library.SetVirtualView(access, FirstMissing);
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            _id = library.OpenDataset(fileId, name, access);
        }

        _ = library.CloseProperties(access);
        _type = _id < 0 ? _id : library.DatasetType(_id);
        if (_type < 0)
        {
            throw Failed("cannot be opened");
        }

        _elementBytes = (int)library.TypeSize(_type);
        Shape = ReadShape();
    }

    /// <summary>The shape at the last look.</summary>
    internal long[] Shape { get; private set; }

    /// <summary>Looks again, in a file that is being written; gives the new shape.</summary>
    internal long[] Refresh()
    {
        lock (LibHdf5.Gate)
        {
            OpenOrThrow();
            return _library.RefreshDataset(_id) < 0 ? throw Failed("cannot be looked at again") : Shape = ReadShape();
        }
    }

    /// <summary>How many frames, from the first one, have a place in the file for every chunk.</summary>
    /// <param name="chunkShape">Shape of a chunk; empty for a dataset without.</param>
    internal long WrittenFrames(ulong[] chunkShape)
    {
        lock (LibHdf5.Gate)
        {
            OpenOrThrow();
            if (chunkShape.Length == 0 || Shape.Contains(0))
            {
                return Shape[0];
            }

            var offset = new ulong[Shape.Length];
            for (var layer = ((ulong)Shape[0] - 1) / chunkShape[0]; ; layer--)
            {
                offset[0] = layer * chunkShape[0];
                if (HasLayer(offset, chunkShape))
                {
                    return Math.Min(Shape[0], (long)(offset[0] + chunkShape[0]));
                }

                if (layer == 0)
                {
                    return 0;
                }
            }
        }
    }

    /// <summary>Reads a block [start, start + count) as stored, row-major. An empty start reads a single value.</summary>
    internal void Read(long[] start, long[] count, Span<byte> destination)
    {
        const long Everything = 0;
        lock (LibHdf5.Gate)
        {
            OpenOrThrow();
            var needed = count.Aggregate((long)_elementBytes, (a, b) => a * b);
            if (needed != destination.Length)
            {
                throw new ArgumentException($"{destination.Length} bytes for a block of {needed}.", nameof(destination));
            }

            var rank = start.Length;
            var from = Array.ConvertAll(start, s => (ulong)s);
            var length = Array.ConvertAll(count, c => (ulong)c);
            long fileSpace = Everything, memorySpace = Everything;
            try
            {
                fixed (ulong* f = from, l = length)
                fixed (byte* target = destination)
                {
                    if (rank > 0)
                    {
                        fileSpace = _library.DatasetSpace(_id);
                        memorySpace = _library.CreateSpace(rank, l, null);
                        if (fileSpace < 0 || memorySpace < 0 || _library.SelectBlock(fileSpace, 0, f, null, l, null) < 0)
                        {
                            throw Failed($"cannot be read at [{string.Join(',', start)}]");
                        }
                    }

                    if (_library.ReadDataset(_id, _type, memorySpace, fileSpace, 0, target) < 0)
                    {
                        throw Failed($"cannot be read at [{string.Join(',', start)}]");
                    }
                }
            }
            finally
            {
                CloseSpace(fileSpace);
                CloseSpace(memorySpace);
            }
        }
    }

    internal void Close()
    {
        if (_id >= 0)
        {
            _ = _library.CloseType(_type);
            _ = _library.CloseDataset(_id);
            _id = Hdf5Functions.Failed;
        }
    }

    private void CloseSpace(long space)
    {
        if (space > 0)
        {
            _ = _library.CloseSpace(space);
        }
    }

    private bool HasLayer(ulong[] offset, ulong[] chunkShape)
    {
        Array.Clear(offset, 1, offset.Length - 1);
        while (true)
        {
            ulong address = Hdf5Functions.NoAddress, size = 0;
            uint mask = 0;
            fixed (ulong* o = offset)
            {
                if (_library.ChunkInfo(_id, o, &mask, &address, &size) < 0 || address == Hdf5Functions.NoAddress)
                {
                    _ = _library.ClearErrors(0);
                    return false;
                }
            }

            var axis = offset.Length - 1;
            while (axis > 0 && (offset[axis] += chunkShape[axis]) >= (ulong)Shape[axis])
            {
                offset[axis--] = 0;
            }

            if (axis == 0)
            {
                return true;
            }
        }
    }

    private long[] ReadShape()
    {
        var space = _library.DatasetSpace(_id);
        if (space < 0)
        {
            throw Failed("does not tell its shape");
        }

        var shape = new ulong[Math.Max(0, _library.SpaceRank(space))];
        fixed (ulong* s = shape)
        {
            _ = shape.Length > 0 ? _library.SpaceShape(space, s, null) : 0;
        }

        CloseSpace(space);
        return Array.ConvertAll(shape, s => checked((long)s));
    }

    private void OpenOrThrow()
    {
        ObjectDisposedException.ThrowIf(_id < 0, this);
        _library.Silence();
        _ = _library.ClearErrors(0);
    }

    private DataFormatException Failed(string what) =>
        new(_file, $"{_path} {what} by libhdf5 {LibHdf5.Version}: {Hdf5NativeErrors.Take(_library)}. The file may be damaged, cut off, or still being written.", _path);
}
