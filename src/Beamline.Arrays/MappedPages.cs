using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>
/// Takes the pages of a mapped file out of this process. Linux maps up to 16 pages around each that is touched, so that looking
/// at some thousand rows of a large file would count as gigabytes of memory.
/// </summary>
internal static unsafe partial class MappedPages
{
    private const int DoNotNeed = 4;

    /// <summary>A request: where it is not known the pages stay until the system wants them.</summary>
    internal static void Release(void* address, long bytes)
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
            // Of a shared mapping nothing is lost: pages that were written belong to the file.
            _ = last > first ? Advise(first, (nuint)(last - first), DoNotNeed) : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
