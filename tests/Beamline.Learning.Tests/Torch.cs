using System.Runtime.InteropServices;
using Beamline.Learning;

namespace Beamline.Tests;

/// <summary>Tests of networks need libtorch, half a gigabyte: where nobody waits for it (CI) it is loaded, elsewhere they run when it is there.</summary>
internal static class Torch
{
    public static void Require()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The package of libtorch that is tested is of Linux on x64.");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("BEAMLINE_TEST_TORCH") == "1" || TorchRuntime.IsRestored,
            "libtorch is not on this machine (0.5 GB); BEAMLINE_TEST_TORCH=1 or 'beamline doctor --fix torch' loads it.");
        TorchRuntime.Load();
    }
}
