using System.Text;

namespace Beamline.Data.Hdf5.Native;

/// <summary>
/// A file open in libhdf5, and the datasets of it that were asked for. A file that is being written is opened for following it
/// (SWMR). May be used from several threads, one at a time.
/// </summary>
internal sealed unsafe class Hdf5NativeFile : IDisposable
{
    /// <summary>A quarter of a second for the last attempt at a block that a writer is changing.</summary>
    private const uint MostAttempts = 28;

    private readonly Hdf5Functions _library;
    private readonly Dictionary<string, Hdf5NativeDataset> _datasets = new(StringComparer.Ordinal);
    private readonly long _id;
    private bool _disposed;

    private Hdf5NativeFile(Hdf5Functions library, string path, long id) => (_library, FilePath, _id) = (library, path, id);

    internal string FilePath { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFormatException">libhdf5 does not open it; the message says what it said.</exception>
    internal static Hdf5NativeFile Open(Hdf5Functions library, string path)
    {
        lock (LibHdf5.Gate)
        {
            library.Silence();
            var access = library.CreateProperties(library.FileAccess);
            try
            {
                if (library.SetLocking != null)
                {
                    // A lock of ours would keep the program that records from opening its own file again, and many network disks have none.
                    _ = library.SetLocking(access, 0, 1);
                }

                // Each attempt at a block whose checksum is wrong waits twice as long as the one before: the library's own 100 never end.
                _ = library.SetReadAttempts(access, MostAttempts);

                // The library wants all users of a file in one process to follow it, or none: try what the file says, then the other.
                var following = Hdf5Superblock.IsBeingFollowed(path);
                var id = Open(library, path, following, access);
                id = id < 0 ? Open(library, path, !following, access) : id;
                if (id < 0)
                {
                    _ = Open(library, path, following, access);
                    throw new DataFormatException(
                        path,
                        $"libhdf5 {LibHdf5.Version} cannot open the file: {Hdf5NativeErrors.Take(library)}. If a program that wrote it died, mark it as closed: h5clear -s FILE");
                }

                _ = library.ClearErrors(0);
                return new Hdf5NativeFile(library, path, id);
            }
            finally
            {
                _ = library.CloseProperties(access);
            }
        }
    }

    /// <summary>A dataset, opened once.</summary>
    /// <exception cref="DataFormatException">libhdf5 does not open it.</exception>
    internal Hdf5NativeDataset Dataset(string path)
    {
        lock (LibHdf5.Gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_datasets.TryGetValue(path, out var dataset))
            {
                _library.Silence();
                _datasets.Add(path, dataset = new Hdf5NativeDataset(_library, FilePath, path, _id));
            }

            return dataset;
        }
    }

    public void Dispose()
    {
        lock (LibHdf5.Gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var dataset in _datasets.Values)
            {
                dataset.Close();
            }

            _ = _library.CloseFile(_id);
        }
    }

    private static long Open(Hdf5Functions library, string path, bool following, long access)
    {
        _ = library.ClearErrors(0);
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return library.OpenFile(name, following ? Hdf5Functions.SwmrRead : 0, access);
        }
    }
}
