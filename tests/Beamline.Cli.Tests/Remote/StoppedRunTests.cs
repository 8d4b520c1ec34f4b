namespace Beamline.Cli.Tests;

/// <summary>A run that is stopped ends what it waits for: the process is gone a moment later, and the job must have heard of it before.</summary>
public sealed class StoppedRunTests : IDisposable
{
    private readonly SentHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Ctrl_C_and_the_signal_of_a_batch_system_cancel_the_job_that_is_waited_for()
    {
        _home.StartService(_home.Local, "--concurrency", "3");
        string Cell(string name) => $"File.WriteAllText(@\"{_home.Folder[name]}\", \"\"); // {name}\nwhile (true) await Task.Delay(10);";
        var interrupted = _home.Start("interrupted", "#!remote local --detach\n" + Cell("detached"), "#!remote local\n" + Cell("interrupted"));
        var ended = _home.Start("ended", "#!remote local\n" + Cell("ended"));
        foreach (var name in (string[])["detached", "interrupted", "ended"])
        {
            await SentHome.UntilAsync(() => File.Exists(_home.Folder[name]), $"{name} runs");
        }

        interrupted.Signal("INT");
        ended.Signal("TERM");
        interrupted.WaitForEnd().ExitedWith(130).SaysInErrors("The run was cancelled in cell 2");
        ended.WaitForEnd().ExitedWith(130);
        foreach (var name in (string[])["interrupted", "ended"])
        {
            await SentHome.UntilAsync(() => StateOf(name) == "cancelled", $"the job of {name} is cancelled");
        }

        // What nobody waited for goes on, until somebody ends it.
        Assert.Equal("running", StateOf("detached"));
        var detached = _home.JobOf("// detached").Number;
        var done = _home.Done("next", _home.Start("next", $"#!cancel {detached}", "RemoteJobs.Find(" + detached + ").State"));
        await SentHome.UntilAsync(() => StateOf("detached") == "cancelled", "the detached job is cancelled");
        Assert.Contains($"job {detached}", SentHome.Printed(done, 0));
    }

    private string? StateOf(string name) => SentHome.StateAt(_home.Local, (string)_home.JobOf($"// {name}\n").Record["jobId"]!);
}
