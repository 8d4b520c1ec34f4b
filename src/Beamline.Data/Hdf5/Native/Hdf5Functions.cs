using System.Runtime.InteropServices;

namespace Beamline.Data.Hdf5.Native;

/// <summary>
/// The functions of libhdf5 that Beamline calls. Ids are 64-bit since 1.10; the oldest version taken is 1.10.5, the first that tells where chunks lie.
/// </summary>
internal sealed unsafe class Hdf5Functions
{
    internal const long Failed = -1;
    internal const ulong NoAddress = ulong.MaxValue;
    internal const uint SwmrRead = 0x40;

    private readonly nint _library;
    private readonly delegate* unmanaged<uint*, uint*, uint*, int> _version;
    private readonly delegate* unmanaged<int> _open;
    private readonly delegate* unmanaged<long, nint, nint, int> _setErrorPrinter;
    private readonly delegate* unmanaged<nint, int> _registerFilter;

    internal Hdf5Functions(nint library)
    {
        _library = library;
        _version = (delegate* unmanaged<uint*, uint*, uint*, int>)Get("H5get_libversion");
        _open = (delegate* unmanaged<int>)Get("H5open");
        _setErrorPrinter = (delegate* unmanaged<long, nint, nint, int>)Get("H5Eset_auto2");
        _registerFilter = (delegate* unmanaged<nint, int>)Get("H5Zregister");
        WalkErrors = (delegate* unmanaged<long, int, nint, nint, int>)Get("H5Ewalk2");
        ClearErrors = (delegate* unmanaged<long, int>)Get("H5Eclear2");
        Allocate = (delegate* unmanaged<nuint, byte, nint>)Get("H5allocate_memory");
        Free = (delegate* unmanaged<nint, int>)Get("H5free_memory");
        HasFilter = (delegate* unmanaged<int, int>)Get("H5Zfilter_avail");
        OpenFile = (delegate* unmanaged<byte*, uint, long, long>)Get("H5Fopen");
        CloseFile = (delegate* unmanaged<long, int>)Get("H5Fclose");
        CreateProperties = (delegate* unmanaged<long, long>)Get("H5Pcreate");
        CloseProperties = (delegate* unmanaged<long, int>)Get("H5Pclose");
        SetVirtualView = (delegate* unmanaged<long, int, int>)Get("H5Pset_virtual_view");
        SetReadAttempts = (delegate* unmanaged<long, uint, int>)Get("H5Pset_metadata_read_attempts");
        OpenDataset = (delegate* unmanaged<long, byte*, long, long>)Get("H5Dopen2");
        CloseDataset = (delegate* unmanaged<long, int>)Get("H5Dclose");
        RefreshDataset = (delegate* unmanaged<long, int>)Get("H5Drefresh");
        DatasetSpace = (delegate* unmanaged<long, long>)Get("H5Dget_space");
        DatasetType = (delegate* unmanaged<long, long>)Get("H5Dget_type");
        ReadDataset = (delegate* unmanaged<long, long, long, long, long, byte*, int>)Get("H5Dread");
        ChunkInfo = (delegate* unmanaged<long, ulong*, uint*, ulong*, ulong*, int>)Get("H5Dget_chunk_info_by_coord");
        SpaceRank = (delegate* unmanaged<long, int>)Get("H5Sget_simple_extent_ndims");
        SpaceShape = (delegate* unmanaged<long, ulong*, ulong*, int>)Get("H5Sget_simple_extent_dims");
        CreateSpace = (delegate* unmanaged<int, ulong*, ulong*, long>)Get("H5Screate_simple");
        SelectBlock = (delegate* unmanaged<long, int, ulong*, ulong*, ulong*, ulong*, int>)Get("H5Sselect_hyperslab");
        CloseSpace = (delegate* unmanaged<long, int>)Get("H5Sclose");
        TypeSize = (delegate* unmanaged<long, nuint>)Get("H5Tget_size");
        CloseType = (delegate* unmanaged<long, int>)Get("H5Tclose");
        SetLocking = NativeLibrary.TryGetExport(library, "H5Pset_file_locking", out var locking)
            ? (delegate* unmanaged<long, byte, byte, int>)locking
            : null;
    }

    internal static Version Oldest { get; } = new(1, 10, 5);

    internal delegate* unmanaged<long, int, nint, nint, int> WalkErrors { get; }

    internal delegate* unmanaged<long, int> ClearErrors { get; }

    internal delegate* unmanaged<nuint, byte, nint> Allocate { get; }

    internal delegate* unmanaged<nint, int> Free { get; }

    internal delegate* unmanaged<int, int> HasFilter { get; }

    internal delegate* unmanaged<byte*, uint, long, long> OpenFile { get; }

    internal delegate* unmanaged<long, int> CloseFile { get; }

    internal delegate* unmanaged<long, long> CreateProperties { get; }

    internal delegate* unmanaged<long, int> CloseProperties { get; }

    internal delegate* unmanaged<long, int, int> SetVirtualView { get; }

    internal delegate* unmanaged<long, uint, int> SetReadAttempts { get; }

    /// <summary>Null in versions before 1.10.7.</summary>
    internal delegate* unmanaged<long, byte, byte, int> SetLocking { get; }

    internal delegate* unmanaged<long, byte*, long, long> OpenDataset { get; }

    internal delegate* unmanaged<long, int> CloseDataset { get; }

    internal delegate* unmanaged<long, int> RefreshDataset { get; }

    internal delegate* unmanaged<long, long> DatasetSpace { get; }

    internal delegate* unmanaged<long, long> DatasetType { get; }

    internal delegate* unmanaged<long, long, long, long, long, byte*, int> ReadDataset { get; }

    internal delegate* unmanaged<long, ulong*, uint*, ulong*, ulong*, int> ChunkInfo { get; }

    internal delegate* unmanaged<long, int> SpaceRank { get; }

    internal delegate* unmanaged<long, ulong*, ulong*, int> SpaceShape { get; }

    internal delegate* unmanaged<int, ulong*, ulong*, long> CreateSpace { get; }

    internal delegate* unmanaged<long, int, ulong*, ulong*, ulong*, ulong*, int> SelectBlock { get; }

    internal delegate* unmanaged<long, int> CloseSpace { get; }

    internal delegate* unmanaged<long, nuint> TypeSize { get; }

    internal delegate* unmanaged<long, int> CloseType { get; }

    /// <summary>The id of the class of file-access properties.</summary>
    internal long FileAccess { get; private set; }

    /// <summary>The id of the class of dataset-access properties.</summary>
    internal long DatasetAccess { get; private set; }

    internal Version Version()
    {
        uint major, minor, release;
        _ = _version(&major, &minor, &release);
        return new Version((int)major, (int)minor, (int)release);
    }

    /// <summary>Starts the library and gives it our filters.</summary>
    internal void Start()
    {
        lock (LibHdf5.Gate)
        {
            _ = _open();
            Silence();
            FileAccess = *(long*)Get("H5P_CLS_FILE_ACCESS_ID_g");
            DatasetAccess = *(long*)Get("H5P_CLS_DATASET_ACCESS_ID_g");
            Hdf5NativeFilters.Register(this, _registerFilter);
        }
    }

    /// <summary>Keeps the library from printing its errors; builds for threads remember that for each thread.</summary>
    internal void Silence() => _ = _setErrorPrinter(0, 0, 0);

    private nint Get(string name) => NativeLibrary.GetExport(_library, name);
}
