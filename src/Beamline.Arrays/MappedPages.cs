using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>
/// Tells Linux which pages of a shared mapping the process does not need now, and how it reads. Linux maps up to 16 pages around each
/// that is touched, so that looking at some thousand rows of a large file would count as gigabytes of memory.
/// </summary>
internal static unsafe partial class MappedPages
{
    private const int Normal = 0;
    private const int Random = 1;
    private const int NotNeeded = 4;

    /// <summary>What was written stays: a shared mapping's pages belong to the file, and the kernel writes them when it likes.</summary>
    internal static void Evict(void* address, long bytes) => Tell(address, bytes, NotNeeded);

    /// <summary>Whether what lies around a touched page is read with it.</summary>
    internal static void ReadAhead(void* address, long bytes, bool isOn) => Tell(address, bytes, isOn ? Normal : Random);

    private static void Tell(void* address, long bytes, int advice)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var page = Environment.SystemPageSize;
        var first = (nint)address / page * page;
        try
        {
            _ = Advise(first, (nuint)((nint)address + bytes - first), advice);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: the kernel takes pages back by itself when memory is short.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
