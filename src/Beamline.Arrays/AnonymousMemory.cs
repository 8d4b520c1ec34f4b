using System.Runtime.InteropServices;

namespace Beamline.Arrays;

/// <summary>
/// Large blocks straight from Linux: whole pages that the kernel has set to zero already, each at the moment in which it is first touched and by
/// the thread that touches it. They begin at a large page, and the kernel is asked to back them by 2 MB pages: rows of a slab are tens of
/// kilobytes apart, so that a tile over some angles touches more pages of 4 KB than the processor keeps addresses for (docs/benchmarks.md).
/// </summary>
internal static unsafe partial class AnonymousMemory
{
    private const nuint LargePage = 2 << 20;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int AdviseHugePage = 14;

    private static bool _isMissing = !OperatingSystem.IsLinux();

    /// <summary>Whether an array of this size is worth the rounding up to whole large pages (at most an eighth of it).</summary>
    internal static bool Suits(long bytes) => !_isMissing && bytes >= 8 * (long)LargePage;

    /// <summary>Bytes that an array of so many takes: whole large pages.</summary>
    internal static long Rounded(long bytes) => (bytes + (long)LargePage - 1) / (long)LargePage * (long)LargePage;

    /// <summary>Maps zeros; null when the kernel will not give that much, or where the C library has another name.</summary>
    /// <param name="bytes">A multiple of the large page.</param>
    internal static void* Map(long bytes)
    {
        try
        {
            var length = (nuint)bytes;
            var got = MMap(0, length + LargePage, ReadWrite, PrivateAnonymous, -1, 0);
            if (got == -1)
            {
                return null;
            }

            var start = ((nuint)got + LargePage - 1) / LargePage * LargePage;
            var before = start - (nuint)got;
            Unmap((void*)got, before);
            Unmap((void*)(start + length), LargePage - before);
            // A request, not a demand: where there are no large pages the array works as well.
            _ = MAdvise((nint)start, length, AdviseHugePage);
            return (void*)start;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _isMissing = true;
            return null;
        }
    }

    /// <summary>Gives back what <see cref="Map"/> gave for as many bytes.</summary>
    internal static void Unmap(void* address, long bytes) => Unmap(address, (nuint)bytes);

    private static void Unmap(void* address, nuint length)
    {
        if (length > 0)
        {
            _ = MUnmap((nint)address, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(nint address, nuint length, int advice);
}
