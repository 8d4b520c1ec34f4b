using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>Tells Linux which pages of a shared mapping the process does not need now.</summary>
internal static unsafe partial class MappedPages
{
    private const int AdviseNotNeeded = 4;

    /// <summary>What was written stays: a shared mapping's pages belong to the file, and the kernel writes them when it likes.</summary>
    internal static void Evict(void* address, long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var page = Environment.SystemPageSize;
        var first = (nint)address / page * page;
        try
        {
            _ = Advise(first, (nuint)((nint)address + bytes - first), AdviseNotNeeded);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: the kernel takes pages back by itself when memory is short.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
