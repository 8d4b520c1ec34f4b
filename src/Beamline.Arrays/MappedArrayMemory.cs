using System.IO.MemoryMappedFiles;

namespace Beamline.Arrays;

/// <summary>Elements in a memory-mapped file.</summary>
internal sealed unsafe class MappedArrayMemory<T> : ArrayMemory<T>
    where T : unmanaged
{
    private readonly string _path;
    private readonly bool _isPrivate;
    private bool _deleteOnDispose;
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;

    private MappedArrayMemory(string path, long length, long offsetBytes, MemoryMappedFileAccess access, bool deleteOnDispose)
        : base(length, MemoryKind.Mapped)
    {
        _path = path;
        _isPrivate = access == MemoryMappedFileAccess.CopyOnWrite;
        if (length == 0)
        {
            _deleteOnDispose = deleteOnDispose;
            return;
        }

        var writable = access == MemoryMappedFileAccess.ReadWrite;
        var stream = new FileStream(
            path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (stream.Length < offsetBytes + ByteLength)
            {
                throw new ArgumentException(
                    $"{path} has {stream.Length} bytes; {length} elements from byte {offsetBytes} need {offsetBytes + ByteLength}.",
                    nameof(length));
            }

            _file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, 0, access, HandleInheritability.None, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        _view = _file.CreateViewAccessor(offsetBytes, ByteLength, access);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        // The view starts at a page boundary; PointerOffset is where our first byte lies in it.
        Pointer = (T*)(start + _view.PointerOffset);
        ArrayMemory.CountMapped(ByteLength);
        // Only now is the file ours: the finalizer of an owner that could not be made must leave it alone.
        _deleteOnDispose = deleteOnDispose;
    }

    /// <summary>What was written to pages of one's own is nowhere else.</summary>
    private protected override bool CanEvict => !_isPrivate;

    public override void ReleasePages()
    {
        base.ReleasePages();
        if (Length > 0 && CanEvict)
        {
            MappedPages.Evict(Pointer, ByteLength);
        }
    }

    public override IDisposable ScatteredReads()
    {
        base.ScatteredReads();
        return new Scope(this);
    }

    ~MappedArrayMemory()
    {
        if (!MarkDisposed())
        {
            return;
        }

        try
        {
            Release();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody is left to hear that the file could not be deleted (its folder may be gone), and an
            // exception on the finalizer thread would end the process.
        }
    }

    internal static MappedArrayMemory<T> Create(string path, long length, bool deleteOnDispose)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckLength(length);
        try
        {
            using var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                PreallocationSize = length * sizeof(T),
            });
            made.SetLength(length * sizeof(T));
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }

        return new MappedArrayMemory<T>(path, length, 0, MemoryMappedFileAccess.ReadWrite, deleteOnDispose);
    }

    internal static MappedArrayMemory<T> OpenCopyOnWrite(string path, long length, long offsetBytes) =>
        new(path, length, offsetBytes, MemoryMappedFileAccess.CopyOnWrite, deleteOnDispose: false);

    internal static MappedArrayMemory<T> Open(
        string path, long length, long offsetBytes, bool writable, bool deleteOnDispose)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        return new MappedArrayMemory<T>(path, length, offsetBytes, writable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read, deleteOnDispose);
    }

    private protected override void Release()
    {
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _view = null;
            ArrayMemory.CountMapped(-ByteLength);
        }

        _file?.Dispose();
        _file = null;
        if (_deleteOnDispose)
        {
            File.Delete(_path);
        }
    }

    private sealed class Scope : IDisposable
    {
        private readonly MappedArrayMemory<T> _memory;

        public Scope(MappedArrayMemory<T> memory)
        {
            _memory = memory;
            Advise(isScattered: true);
        }

        public void Dispose()
        {
            // Whoever disposed the owner meanwhile has unmapped its pages.
            if (!_memory.IsDisposed)
            {
                Advise(isScattered: false);
                _memory.ReleasePages();
            }
        }

        private void Advise(bool isScattered)
        {
            if (_memory.Length > 0)
            {
                MappedPages.ReadAhead(_memory.Pointer, _memory.ByteLength, !isScattered);
            }
        }
    }
}
