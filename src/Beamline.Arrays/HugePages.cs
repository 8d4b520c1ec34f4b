using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>
/// Asks Linux to back a large array by 2 MB pages. The rows of a slab are tens of kilobytes apart, so that a tile over
/// some angles touches more pages of 4 KB than the processor keeps addresses for (docs/benchmarks.md).
/// </summary>
internal static unsafe partial class HugePages
{
    internal const nuint PageBytes = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>Whether an array of this size is worth the rounding up to whole pages (at most an eighth of it).</summary>
    internal static bool Suit(long bytes) => OperatingSystem.IsLinux() && bytes >= 8 * (long)PageBytes;

    /// <summary>A request, not a demand: where the kernel has no such pages the array works as before.</summary>
    internal static void Advise(void* address, long bytes)
    {
        try
        {
            _ = Advise((nint)address, (nuint)bytes, AdviseHugePage);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: no large pages there.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
