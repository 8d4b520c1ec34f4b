using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Beamline.Remote;

/// <summary>Calls of the C library that .NET has no method for.</summary>
internal static partial class Libc
{
    private static readonly bool IsApple = OperatingSystem.IsMacOS();

    public static int WriteOnly => 1;

    public static int Append => IsApple ? 0x8 : 0x400;

    public static int Create => IsApple ? 0x200 : 0x40;

    public static int NoFollow => IsApple ? 0x100 : NoFollowOfLinux;

    public static int Folder => IsApple ? 0x100000 : FolderOfLinux;

    public static int NonBlocking => IsApple ? 0x4 : 0x800;

    /// <summary>The number of the error "a signal came meanwhile".</summary>
    public static int Interrupted => 4;

    public static int CloseOnExec => IsApple ? 0x1000000 : 0x80000;

    // The two flags that differ between the families of processors.
    private static int NoFollowOfLinux => IsArm ? 0x8000 : 0x20000;

    private static int FolderOfLinux => IsArm ? 0x4000 : 0x10000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenAt(SafeFileHandle folder, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string path, string another);

    /// <summary>What went wrong in the last call, as .NET would throw it.</summary>
    public static Exception LastError(string path)
    {
        var number = Marshal.GetLastPInvokeError();
        var text = $"{path}: {Marshal.GetPInvokeErrorMessage(number)}";
        return number switch
        {
            2 => new FileNotFoundException(text, path),
            1 or 13 => new UnauthorizedAccessException(text),
            28 or 122 or 69 => new DiskFullException(text),
            _ => new IOException(text, number),
        };
    }
}

/// <summary>No space is left, or no share of it.</summary>
internal sealed class DiskFullException(string message) : IOException(message)
{
    /// <summary>Whether an error of .NET says this.</summary>
    public static bool Is(Exception error) => error is DiskFullException ||
        (error is IOException && (OperatingSystem.IsWindows() ? (error.HResult & 0xffff) is 39 or 112 : error.HResult is 28 or 122 or 69));
}
