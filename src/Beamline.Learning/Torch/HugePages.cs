using System.Runtime.InteropServices;

namespace Beamline.Learning;

/// <summary>
/// Asks libtorch to take its large arrays in pages of 2 MB. The maps of one projection are fresh memory each time, hundreds of megabytes, and in
/// pages of 4 KB a quarter of the time goes into getting them.
/// </summary>
internal static partial class HugePages
{
    private const string Variable = "THP_MEM_ALLOC_ENABLE";

    /// <summary>To be called before libtorch is loaded, which looks once. Leaves the choice of the user alone.</summary>
    public static void Ask()
    {
        // The native environment: what .NET's own sets is not seen by libraries.
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment(Variable, "1", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
