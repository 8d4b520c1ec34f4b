using Beamline.Compute;

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
    public void A_scratch_folder_that_is_not_there_is_a_problem_with_its_remedy()
    {
        using var folder = new TestFolder();
        var ended = Child.Run(folder.Root, new Dictionary<string, string> { ["TMPDIR"] = "/nonexistent/folder/" }, "doctor").ExitedWith(1);
        Assert.Contains("MISSING /nonexistent/folder/", ended.Output, StringComparison.Ordinal);
        Assert.Contains("set TMPDIR to a folder", ended.Output, StringComparison.Ordinal);
    }
}
