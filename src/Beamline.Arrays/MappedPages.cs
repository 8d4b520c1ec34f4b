using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>
/// Takes the pages of a mapped file out of this process. Linux maps up to 16 pages around each that is touched, so that looking
/// at some thousand rows of a large file would count as gigabytes of memory.
/// </summary>
internal static unsafe partial class MappedPages
{
    private const int Normal = 0;
    private const int Random = 1;
    private const int DoNotNeed = 4;

    /// <summary>A request: where it is not known the pages stay until the system wants them.</summary>
    // Of a shared mapping nothing is lost: pages that were written belong to the file.
    internal static void Release(void* address, long bytes) => Tell(address, bytes, DoNotNeed);

    /// <summary>Whether what lies around a touched page is read with it.</summary>
    internal static void ReadAhead(void* address, long bytes, bool isOn) => Tell(address, bytes, isOn ? Normal : Random);

    private static void Tell(void* address, long bytes, int advice)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Whole pages only: what shares a page with the ends stays.
        var page = (nint)Environment.SystemPageSize;
        var first = ((nint)address + page - 1) / page * page;
        var last = ((nint)address + (nint)bytes) / page * page;
        try
        {
            _ = last > first ? Advise(first, (nuint)(last - first), advice) : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
