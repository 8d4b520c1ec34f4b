namespace Beamline.Cli.Tests;

/// <summary>A notebook's process dies by SIGKILL: its jobs go on, and the next process has all of them.</summary>
public sealed class KilledSenderTests : IDisposable
{
    private readonly SentHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task After_kill_9_another_process_has_every_job_with_all_it_showed_and_its_results()
    {
        _home.StartService(_home.Local, "--concurrency", "3");
        var detaching = _home.Start("detaching", "#!remote local --detach\n" + Cell("detached"), "#!remote local\n" + Cell("waited"));
        var following = _home.Start("following", "#!remote local\n" + Cell("running"));
        foreach (var name in (string[])["detached", "waited", "running"])
        {
            await SentHome.UntilAsync(() => File.Exists(_home.Folder[name + ".runs"]), $"{name} runs");
        }

        detaching.Signal("KILL");
        following.Signal("KILL");
        Assert.Equal((137, 137), (detaching.WaitForEnd().ExitCode, following.WaitForEnd().ExitCode));

        // Two end while nobody is there, one goes on.
        foreach (var name in (string[])["detached", "waited"])
        {
            await File.WriteAllTextAsync(_home.Folder[name + ".go"], "");
            await SentHome.UntilAsync(() => SentHome.StateAt(_home.Local, (string)_home.JobOf($"\"{name} ").Record["jobId"]!) == "succeeded", $"{name} succeeds");
        }

        var (detached, waited, running) = (_home.JobOf("\"detached ").Number, _home.JobOf("\"waited ").Number, _home.JobOf("\"running ").Number);
        var next = _home.Start("next", "#!jobs", $"#!attach {detached}", $"#!attach {waited}", $"#!attach {running}", "$\"{detached.Sum()} {waited.Sum()} {running.Sum()}\"", "#!jobs");
        var follower = Path.Combine(_home.Home, "jobs", $"{running}", "follower");
        await SentHome.UntilAsync(() => File.ReadAllText(follower) == $"{next.Id}", "the new process follows the job");
        await File.WriteAllTextAsync(_home.Folder["running.go"], "");
        var done = _home.Done("next", next);
        var list = TestNotebook.Text(done, 0);
        Assert.Contains($"job {detached} on local succeeded", list);
        Assert.Contains($"job {waited} on local succeeded", list);
        Assert.Contains($"job {running} on local runs", list);
        foreach (var (name, cell) in new[] { ("detached", 1), ("waited", 2), ("running", 3) })
        {
            Assert.Equal(string.Concat(Enumerable.Range(0, 200).Select(i => $"{name} {i}\n")) + $"{name} ends\n", SentHome.Printed(done, cell));
            Assert.Equal([$"{name} shown"], SentHome.Shown(done, cell));
        }

        Assert.Equal(["499500 499501 499502"], SentHome.Shown(done, 4));
        Assert.DoesNotContain("runs", TestNotebook.Text(done, 5));
        Assert.Equal(["detached", "running", "waited"], (await File.ReadAllLinesAsync(_home.Folder["log"])).Order());
    }

    private string Cell(string name)
    {
        var extra = Array.IndexOf(["detached", "waited", "running"], name);
        return $$"""
            File.AppendAllText(@"{{_home.Folder["log"]}}", "{{name}}\n");
            for (var i = 0; i < 200; i++) Console.WriteLine($"{{name}} {i}");
            display("{{name}} shown");
            File.WriteAllText(@"{{_home.Folder[name + ".runs"]}}", "");
            while (!File.Exists(@"{{_home.Folder[name + ".go"]}}")) Thread.Sleep(20);
            Console.WriteLine("{{name}} ends");
            var {{name}} = Enumerable.Range(0, 1000).Append({{extra}}).ToArray();
            """;
    }
}
