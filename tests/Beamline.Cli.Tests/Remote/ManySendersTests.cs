using System.Diagnostics;

namespace Beamline.Cli.Tests;

/// <summary>Notebooks that start at once in a home where nothing is yet: they race for the endpoint, the key and the list of jobs, and some die.</summary>
public sealed class ManySendersTests : IDisposable
{
    private readonly SentHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public Task Eight_at_once_of_which_two_are_killed() => RunAsync(8);

    /// <summary>As many as the issue asks for; too long for every day on two cores.</summary>
    [Fact(Explicit = true)]
    public Task Twenty_at_once_of_which_two_are_killed() => RunAsync(20);

    private async Task RunAsync(int count)
    {
        var since = Stopwatch.StartNew();
        var go = _home.Folder["go"];
        var children = Enumerable.Range(0, count).Select(i => _home.Start(
            $"n{i}",
            $"#!remote local\nFile.AppendAllText(@\"{Log(i)}\", \"ran\\n\");\nwhile (!File.Exists(@\"{go}\")) Thread.Sleep(20);\nConsole.WriteLine(\"cell of {i}\");\nvar x = {i} * {i};",
            "x")).ToArray();
        await SentHome.UntilAsync(() => _home.Jobs().Count(j => (bool?)j.Record["isAccepted"] == true) == count, "all have sent");
        var sent = since.Elapsed;

        // The one that started the endpoint dies, and one whose job runs.
        var service = Assert.Single(SentHome.Services(_home.Local));
        var starter = Array.FindIndex(children, c => c.Id == SentHome.ParentOf(service));
        Assert.True(starter >= 0, $"None of the notebooks started process {service}.");
        await SentHome.UntilAsync(() => Enumerable.Range(0, count).Any(i => i != starter && File.Exists(Log(i))) || File.Exists(Log(starter)), "a job runs");
        var other = Enumerable.Range(0, count).Where(i => i != starter).OrderByDescending(i => File.Exists(Log(i))).First();
        int[] killed = [starter, other];
        foreach (var i in killed)
        {
            children[i].Signal("KILL");
            Assert.Equal(137, children[i].WaitForEnd().ExitCode);
        }

        await File.WriteAllTextAsync(go, "");
        for (var i = 0; i < count; i++)
        {
            if (!killed.Contains(i))
            {
                var done = _home.Done($"n{i}", children[i]);
                Assert.Equal($"cell of {i}\n", SentHome.Printed(done, 0));
                Assert.Equal([$"{i * i}"], SentHome.Shown(done, 1));
            }
        }

        // What the dead ones sent has run as well, and belongs to whoever comes next.
        await SentHome.UntilAsync(() => _home.Jobs().All(j => SentHome.StateAt(_home.Local, (string)j.Record["jobId"]!) == "succeeded"), "all jobs succeed");
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{count} notebooks: all sent after {sent.TotalSeconds:0.0} s, all ended after {since.Elapsed.TotalSeconds:0.0} s"));
        var numbers = killed.Select(i => _home.JobOf($"\"cell of {i}\"").Number).ToArray();
        var next = _home.Done("next", _home.Start("next", $"#!attach {numbers[0]}", "x", $"#!attach {numbers[1]}", "x"));
        Assert.Equal(killed.Select(i => $"cell of {i}\n"), [SentHome.Printed(next, 0), SentHome.Printed(next, 2)]);
        Assert.Equal(killed.Select(i => $"{i * i}"), [.. SentHome.Shown(next, 1), .. SentHome.Shown(next, 3)]);

        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(["ran"], File.ReadAllLines(Log(i))));
        Assert.Equal(Enumerable.Range(1, count), _home.Jobs().Select(j => j.Number));
        Assert.Equal(count, _home.Jobs().Select(j => (string)j.Record["jobId"]!).Distinct().Count());
        Assert.Equal(count, Directory.GetDirectories(Path.Combine(_home.Local, "jobs")).Length);
        Assert.Equal([service], SentHome.Services(_home.Local));
        Assert.Single(Directory.GetFiles(Path.Combine(_home.Home, "keys"), "*.pem"));
    }

    private string Log(int i) => _home.Folder[$"log{i}"];
}
