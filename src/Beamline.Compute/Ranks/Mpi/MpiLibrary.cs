using System.Runtime.InteropServices;
using System.Text;

namespace Beamline.Compute;

/// <summary>
/// The functions of the MPI library of this machine, and the handles that its header would give a C program: OpenMPI's are addresses of
/// exported symbols, those of MPICH and its relatives (Intel MPI, MVAPICH, Cray) fixed numbers. Handles travel as machine words; a number of MPICH is
/// in the lower half.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    public const string Variable = "BEAMLINE_MPI_LIBRARY";
    private const int VersionBytes = 16384;
    private static readonly string[] OfOpenMpi = ["libmpi.so.40", "libmpi.so.80", "libmpi.so.20"];
    private static readonly string[] OfMpich = ["libmpi.so.12", "libmpich.so.12", "libmpi_cray.so.12"];

    private readonly nint _library;
    private readonly string _path;

    private MpiLibrary(nint library, string path)
    {
        (_library, _path) = (library, path);
        GetLibraryVersion = (delegate* unmanaged<byte*, int*, int>)Get("MPI_Get_library_version");
        Version = Text(GetLibraryVersion, VersionBytes);
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world))
        {
            World = world;
            Byte = Get("ompi_mpi_byte");
            InfoNull = Get("ompi_mpi_info_null");
            ErrorsReturn = Get("ompi_mpi_errors_return");
        }
        else if (Version.Contains("MPICH", StringComparison.OrdinalIgnoreCase) || Version.Contains("MVAPICH", StringComparison.OrdinalIgnoreCase) || Version.Contains("Intel", StringComparison.Ordinal))
        {
            World = 0x44000000;
            Byte = 0x4c00010d;
            InfoNull = 0x1c000000;
            ErrorsReturn = 0x54000001;
            StatusIgnore = 1;
            TypeShared = 1;
        }
        else
        {
            throw new RankException($"{path} is an MPI library that is not known here: {Version}. Known are OpenMPI, MPICH and Intel MPI; {Variable} can name another library file.");
        }

        Initialized = (delegate* unmanaged<int*, int>)Get("MPI_Initialized");
        InitThread = (delegate* unmanaged<nint, nint, int, int*, int>)Get("MPI_Init_thread");
        End = (delegate* unmanaged<int>)Get("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Get("MPI_Abort");
        ErrorString = (delegate* unmanaged<int, byte*, int*, int>)Get("MPI_Error_string");
        SetErrorHandler = (delegate* unmanaged<nint, nint, int>)Get("MPI_Comm_set_errhandler");
        RankOf = (delegate* unmanaged<nint, int*, int>)Get("MPI_Comm_rank");
        SizeOf = (delegate* unmanaged<nint, int*, int>)Get("MPI_Comm_size");
        Split = (delegate* unmanaged<nint, int, int, nint*, int>)Get("MPI_Comm_split");
        SplitType = (delegate* unmanaged<nint, int, int, nint, nint*, int>)Get("MPI_Comm_split_type");
        AllGather = (delegate* unmanaged<nint, int, nint, nint, int, nint, nint, nint*, int>)Get("MPI_Iallgather");
        Send = (delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int>)Get("MPI_Isend");
        Receive = (delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int>)Get("MPI_Irecv");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Get("MPI_Test");
    }

    public string Version { get; }

    public nint World { get; }

    public nint Byte { get; }

    public nint InfoNull { get; }

    public nint ErrorsReturn { get; }

    public nint StatusIgnore { get; }

    public int TypeShared { get; }

    public delegate* unmanaged<byte*, int*, int> GetLibraryVersion { get; }

    public delegate* unmanaged<int*, int> Initialized { get; }

    public delegate* unmanaged<nint, nint, int, int*, int> InitThread { get; }

    public delegate* unmanaged<int> End { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<int, byte*, int*, int> ErrorString { get; }

    public delegate* unmanaged<nint, nint, int> SetErrorHandler { get; }

    public delegate* unmanaged<nint, int*, int> RankOf { get; }

    public delegate* unmanaged<nint, int*, int> SizeOf { get; }

    public delegate* unmanaged<nint, int, int, nint*, int> Split { get; }

    public delegate* unmanaged<nint, int, int, nint, nint*, int> SplitType { get; }

    public delegate* unmanaged<nint, int, nint, nint, int, nint, nint, nint*, int> AllGather { get; }

    public delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int> Send { get; }

    public delegate* unmanaged<nint, int, nint, int, int, nint, nint*, int> Receive { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    /// <summary>Loads the library of the launcher that started this process, or the one that a variable names.</summary>
    /// <exception cref="RankException">There is none.</exception>
    public static MpiLibrary Load() => Load(Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="Load()"/>
    internal static MpiLibrary Load(Func<string, string?> variable)
    {
        var names = Names(variable);
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new MpiLibrary(library, name);
            }
        }

        throw new RankException(
            $"Ranks exchange data by MPI, and no MPI library can be loaded on {Environment.MachineName}: looked for {string.Join(", ", names)}. " +
            $"Load the site's module of MPI in the endpoint's prologue (\"module load openmpi\"), or let {Variable} name the library file.");
    }

    /// <summary>What to look for, the likely first: two libraries may lie beside each other.</summary>
    internal static IReadOnlyList<string> Names(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } named)
        {
            return [named];
        }

        var isHydra = variable("PMI_RANK") is not null && variable("OMPI_COMM_WORLD_SIZE") is null;
        return isHydra ? [.. OfMpich, .. OfOpenMpi, "libmpi.so"] : [.. OfOpenMpi, .. OfMpich, "libmpi.so"];
    }

    /// <summary>Throws when a function of the library failed.</summary>
    /// <exception cref="RankException">It failed.</exception>
    public void Check(int code, string what)
    {
        if (code != 0)
        {
            throw new RankException($"{what} failed in MPI: {Text((text, length) => ErrorString(code, text, length))}");
        }
    }

    private delegate int Filler(byte* text, int* length);

    private static string Text(Filler fill)
    {
        const int Room = 1024;
        var text = stackalloc byte[Room];
        var length = 0;
        return fill(text, &length) == 0 ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, Room)) : "no reason is known";
    }

    private static string Text(delegate* unmanaged<byte*, int*, int> fill, int room)
    {
        var text = stackalloc byte[room];
        var length = 0;
        return fill(text, &length) == 0 ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, room)).Trim('\0', '\n', ' ') : "";
    }

    private nint Get(string name) => NativeLibrary.TryGetExport(_library, name, out var address)
        ? address
        : throw new RankException($"{_path} has no function {name}: it is no MPI library of version 3 or newer. {Variable} can name another library file.");
}
