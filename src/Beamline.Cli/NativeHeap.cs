using System.Runtime.InteropServices;

namespace Beamline.Cli;

/// <summary>Makes the native heap give large arrays back to the system as soon as they are freed.</summary>
/// <remarks>
/// The C library of most Linux systems raises the size from which it maps blocks one by one whenever a mapped block is
/// freed, up to 32 MB. Working arrays of a reconstruction then come from its heap and leave holes there: 377 MB instead
/// of 279 MB at most for a volume of 1.7 GB under a limit of 400 MB. It is a choice for the whole process, so the program
/// makes it and no library does.
/// </remarks>
internal static class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int OneMegabyte = 1 << 20;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Mallopt(int parameter, int value);

    internal static void ReturnLargeBlocks()
    {
        // Other C libraries do not have the function, or not this habit.
        if (OperatingSystem.IsLinux() &&
            NativeLibrary.TryLoad("libc.so.6", out var library) &&
            NativeLibrary.TryGetExport(library, "mallopt", out var address))
        {
            Marshal.GetDelegateForFunctionPointer<Mallopt>(address)(MmapThreshold, OneMegabyte);
        }
    }
}
