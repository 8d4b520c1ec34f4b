using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace Beamline.Compute.Gpu;

/// <summary>Finds the CUDA driver before ILGPU looks for it.</summary>
internal static class GpuLibraries
{
    private static readonly Lazy<nint> Driver = new(() =>
    {
        string[] names = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                return handle;
            }
        }

        return 0;
    });

    private static int _registered;

    /// <summary>Whether the driver library is there. Without it ILGPU is not touched at all.</summary>
    internal static bool HasDriver => Driver.Value != 0;

    /// <summary>
    /// ILGPU asks for "cuda", which finds libcuda.so only where the development package is installed; drivers and
    /// containers bring libcuda.so.1 alone.
    /// </summary>
    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) != 0)
        {
            return;
        }

        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // Somebody (ILGPU itself on WSL) set a resolver first: theirs finds the driver there.
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name is "cuda" or "nvcuda" ? Driver.Value : 0;
}
