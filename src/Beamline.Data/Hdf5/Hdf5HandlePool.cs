using System.Collections.Concurrent;
using Beamline.Data.Hdf5.Native;

namespace Beamline.Data.Hdf5;

/// <summary>
/// Gives each reading thread a handle of its own, because PureHDF's objects are not for several threads at once.
/// At most as many handles stay open as there were threads reading at the same time.
/// </summary>
internal sealed class Hdf5HandlePool : IDisposable
{
    private readonly ConcurrentBag<Hdf5Handle> _idle = [];
    private readonly Lock _closing = new();
    private Hdf5NativeFile? _native;
    private bool _disposed;

    /// <summary>Opens a file, and one handle of it to see that it can be opened.</summary>
    /// <param name="path">The file.</param>
    /// <param name="live">The same file in libhdf5, for following its writer; stays its owner's. Null when it is not followed so.</param>
    internal Hdf5HandlePool(string path, Hdf5NativeFile? live = null)
    {
        FilePath = Path.GetFullPath(path);
        Live = live;
        _idle.Add(Hdf5Handle.Open(FilePath));
    }

    internal string FilePath { get; }

    /// <summary>The file in libhdf5 when it is being followed.</summary>
    internal Hdf5NativeFile? Live { get; }

    internal bool IsDisposed => _disposed;

    /// <summary>The file in libhdf5, opened when first asked for.</summary>
    internal Hdf5NativeFile Native(Hdf5Functions library)
    {
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _native ??= Hdf5NativeFile.Open(library, FilePath);
        }
    }

    /// <summary>Runs work with a handle that no other thread has.</summary>
    internal T Use<T>(Func<Hdf5Handle, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var handle))
        {
            handle = Hdf5Handle.Open(FilePath);
        }

        try
        {
            return work(handle);
        }
        finally
        {
            GiveBack(handle);
        }
    }

    public void Dispose()
    {
        lock (_closing)
        {
            _disposed = true;
            while (_idle.TryTake(out var handle))
            {
                handle.Dispose();
            }

            _native?.Dispose();
        }
    }

    private void GiveBack(Hdf5Handle handle)
    {
        lock (_closing)
        {
            if (!_disposed)
            {
                _idle.Add(handle);
                return;
            }
        }

        handle.Dispose();
    }
}
