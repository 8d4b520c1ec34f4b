using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Cli.Tests;

/// <summary><c>beamline doctor</c>.</summary>
public sealed class DoctorTests
{
    [Fact]
    public void The_devices_of_this_machine_are_listed()
    {
        using var folder = new TestFolder();
        var ended = Child.Run(folder.Root, "doctor").ExitedWith(0);
        foreach (var device in ComputeDevices.List())
        {
            Assert.Contains($"ok      {device.Device}: {device.Name}", ended.Output, StringComparison.Ordinal);
        }

        Assert.Contains("ok      libSkiaSharp", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Everything that 'beamline run' needs is here.", ended.Output, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void The_hdf5_library_is_found_or_how_to_get_it_is_said()
    {
        using var folder = new TestFolder();
        var ended = Child.Run(folder.Root, "doctor").ExitedWith(0);
        Assert.Contains(Hdf5Library.IsFound ? $"ok      libhdf5: {Hdf5Library.Description}" : Hdf5Library.InstallHint, ended.Output, StringComparison.Ordinal);
        var without = Child.Run(folder.Root, new Dictionary<string, string> { ["BEAMLINE_LIBHDF5"] = "none" }, "doctor").ExitedWith(0);
        Assert.Contains("BEAMLINE_LIBHDF5=none turns it off", without.Output, StringComparison.Ordinal);
        Assert.Contains("sudo apt-get install libhdf5-103-1", without.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scratch_folder_that_is_not_there_is_a_problem_with_its_remedy()
    {
        using var folder = new TestFolder();
        var ended = Child.Run(folder.Root, new Dictionary<string, string> { ["TMPDIR"] = "/nonexistent/folder/" }, "doctor").ExitedWith(1);
        Assert.Contains("MISSING /nonexistent/folder/", ended.Output, StringComparison.Ordinal);
        Assert.Contains("set TMPDIR to a folder", ended.Output, StringComparison.Ordinal);
    }
}
