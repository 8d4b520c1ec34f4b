using System.Globalization;
using System.Text.Json.Nodes;

namespace Beamline.Cli.Tests;

/// <summary>A folder that stands for a user's home, notebooks that send cells, and what is known of their jobs on both sides.</summary>
internal sealed class SentHome : IDisposable
{
    /// <summary>Only against a test that never ends.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly List<Child> _children = [];
    private readonly List<string> _services = [];

    public SentHome()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The service of an endpoint, and what is read of /proc, need Linux.");
        _services.Add(Local);
    }

    public TestFolder Folder { get; } = new();

    public string Home => Folder["home"];

    /// <summary>Folder of the endpoint 'local'.</summary>
    public string Local => Path.Combine(Home, "local");

    public Dictionary<string, string> Environment => new() { ["BEAMLINE_HOME"] = Home };

    /// <summary>Starts 'beamline run' on a notebook of these cells.</summary>
    public Child Start(string name, params string[] cells)
    {
        TestNotebook.Write(Folder[name + ".ipynb"], cells);
        var child = Child.Start(Folder.Root, Environment, "run", name + ".ipynb");
        _children.Add(child);
        return child;
    }

    /// <summary>Waits for the end of a run that must go well; gives its notebook.</summary>
    public JsonObject Done(string name, Child child)
    {
        child.WaitForEnd().ExitedWith(0);
        return TestNotebook.Read(Folder[name + ".executed.ipynb"]);
    }

    /// <summary>'beamline endpoint start' for a service of its own.</summary>
    public void StartService(string folder, params string[] arguments)
    {
        Directory.CreateDirectory(Home);
        _services.Add(folder);
        Child.Run(Folder.Root, Environment, ["endpoint", "start", "--folder", folder, .. arguments]).ExitedWith(0);
    }

    /// <summary>Jobs as their sender has them, by number.</summary>
    public IReadOnlyList<(int Number, JsonObject Record)> Jobs()
    {
        var jobs = Path.Combine(Home, "jobs");
        return !Directory.Exists(jobs) ? [] :
        [
            .. Directory.EnumerateFiles(jobs, "job-record.json", SearchOption.AllDirectories)
                .Select(p => (Number: int.Parse(Path.GetFileName(Path.GetDirectoryName(p)!), CultureInfo.InvariantCulture), Record: Json(p)))
                .Where(j => j.Record is not null).Select(j => (j.Number, j.Record!)).OrderBy(j => j.Number),
        ];
    }

    /// <summary>The job whose cell has some text in it.</summary>
    public (int Number, JsonObject Record) JobOf(string text) => Jobs().Single(j => ((string)j.Record["source"]!).Contains(text, StringComparison.Ordinal));

    /// <summary>The state of a job where it runs; null when it is not there.</summary>
    public static string? StateAt(string service, string jobId) =>
        (string?)Json(Path.Combine(service, "jobs", jobId, "status.json"))?["state"];

    /// <summary>Output that a sender keeps of a job.</summary>
    public string Kept(int number)
    {
        var path = Path.Combine(Home, "jobs", number.ToString(CultureInfo.InvariantCulture), "events.jsonl");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(since.Elapsed < Longest, $"It did not happen: {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All that a cell printed.</summary>
    public static string Printed(JsonObject notebook, int cell) => string.Concat(
        TestNotebook.Outputs(notebook, cell).Where(o => (string?)o["output_type"] == "stream").Select(o => TestNotebook.Joined(o["text"])));

    /// <summary>Plain texts of what a cell showed, without the line about the job.</summary>
    public static string[] Shown(JsonObject notebook, int cell) =>
    [
        .. TestNotebook.Outputs(notebook, cell).Where(o => o["data"] is not null && o["metadata"]?["beamline"]?["job"] is null)
            .Select(o => TestNotebook.Joined(o["data"]!["text/plain"])),
    ];

    /// <summary>Services that run in a folder.</summary>
    public static int[] Services(string folder) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)!)
            .Where(n => n.All(char.IsAsciiDigit) && CommandOf(n) is var words && words.Contains("serve") && words.Contains(folder))
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The process that started another one; 1 when that has gone.</summary>
    public static int ParentOf(int process) => int.Parse(
        File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _children.ForEach(c => c.Dispose());
        foreach (var service in _services.Where(Directory.Exists))
        {
            Child.Run(Folder.Root, Environment, "endpoint", "stop", "--folder", service, "--cancel-jobs");
        }

        Folder.Dispose();
    }

    private static string[] CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static JsonObject? Json(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
