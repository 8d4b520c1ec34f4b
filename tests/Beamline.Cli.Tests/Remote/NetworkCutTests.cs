using System.Globalization;
using System.Text.Json.Nodes;

namespace Beamline.Cli.Tests;

/// <summary>The network between notebooks and a service is away for half a minute. In a class of its own: it waits, and others run beside it.</summary>
public sealed class NetworkCutTests : IDisposable
{
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(30);

    private readonly SentHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_cut_of_30_s_costs_time_and_nothing_of_a_running_job_or_of_an_upload()
    {
        var lab = _home.Folder["lab"];
        _home.StartService(lab, "--name", "lab", "--listen", "127.0.0.1:0", "--concurrency", "2");
        using var line = new FrozenLine(new Uri((string)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(lab, "service.json")))!["address"]!).Port);
        Directory.CreateDirectory(Path.Combine(_home.Home, "endpoints"));
        await File.WriteAllTextAsync(Path.Combine(_home.Home, "endpoints", "net.json"), $$"""{ "kind": "http", "url": "http://127.0.0.1:{{line.Port}}", "tokenFile": "{{lab}}/token" }""");
        var (go, log) = (_home.Folder["go"], _home.Folder["log"]);

        // One notebook's job runs and prints all the time, another notebook is just sending its data.
        var running = _home.Start(
            "running",
            $$"""
            #!remote net
            var n = 0;
            File.AppendAllText(@"{{log}}", "running\n");
            while (!File.Exists(@"{{go}}")) { Console.WriteLine($"line {n++}"); if (n % 10 == 0) display($"shown {n}"); Thread.Sleep(100); }
            """,
            "n");
        await SentHome.UntilAsync(() => _home.Kept(1).Contains("line 3", StringComparison.Ordinal), "the job prints");
        line.FreezeAfterUpload(8 << 20);
        var sending = _home.Start(
            "sending",
            "var data = new byte[24 << 20]; new Random(1).NextBytes(data);",
            $"#!remote net --yes\nFile.AppendAllText(@\"{log}\", \"sending\\n\");\nvar sum = data.Sum(b => (long)b);",
            "sum == data.Sum(b => (long)b)");
        await line.Frozen;
        await Task.Delay(Cut / 3);
        Assert.True(line.Refuses());
        var (keptBefore, atService) = (_home.Kept(1), new FileInfo(Path.Combine(lab, "jobs", JobId(1), "display.jsonl")));
        var before = atService.Length;
        await Task.Delay(Cut * 2 / 3);
        // Nothing came through, and the job went on.
        Assert.Equal(keptBefore, _home.Kept(1));
        atService.Refresh();
        Assert.True(atService.Length > before);
        line.Thaw();
        await SentHome.UntilAsync(() => _home.Kept(1).Length > keptBefore.Length, "the notebook hears of its job again");
        await File.WriteAllTextAsync(go, "");

        var done = _home.Done("running", running);
        var count = int.Parse(SentHome.Shown(done, 1).Single(), CultureInfo.InvariantCulture);
        Assert.Equal(string.Concat(Enumerable.Range(0, count).Select(i => $"line {i}\n")), SentHome.Printed(done, 0));
        Assert.Equal(Enumerable.Range(1, count / 10).Select(i => $"shown {10 * i}"), SentHome.Shown(done, 0));
        Assert.True(count > Cut / TimeSpan.FromSeconds(1), $"The job printed {count} lines only.");
        Assert.Equal(["True"], SentHome.Shown(_home.Done("sending", sending), 2));
        Assert.Equal(["running", "sending"], (await File.ReadAllLinesAsync(log)).Order());
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(lab, "jobs")).Length);
        Assert.All(_home.Jobs(), j => Assert.Equal("succeeded", (string?)j.Record["status"]!["state"]));
    }

    private string JobId(int number) => (string)_home.Jobs().Single(j => j.Number == number).Record["jobId"]!;
}
