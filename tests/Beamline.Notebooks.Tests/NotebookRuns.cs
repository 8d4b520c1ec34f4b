using System.Text.Json.Nodes;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Notebooks.Tests;

/// <summary>Runs a tracked notebook as the program does, with all that it writes in a folder of its own.</summary>
public sealed class NotebookRun : IDisposable
{
    private NotebookRun(string folder, RunResult result) => (Folder, Result) = (folder, result);

    /// <summary>Where the executed notebook and its results are.</summary>
    public string Folder { get; }

    public RunResult Result { get; }

    public NotebookDocument Document => Result.Document!;

    // 'beamline run' leaves NAME.executed.ipynb beside a notebook; those are not tracked.
    public static string[] Tracked =>
    [
        .. Directory.GetFiles(Repository.PathOf("notebooks"), "*.ipynb").Select(p => Path.GetFileName(p)!)
            .Where(n => !n.EndsWith(".executed.ipynb", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <param name="name">Name of the notebook.</param>
    /// <param name="lastCell">C# that is run as one more cell at the end; null for none.</param>
    /// <param name="parameters">NAME=VALUE beside the folder of the results.</param>
    public static async Task<NotebookRun> Start(string name, string? lastCell, params string[] parameters)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-notebooks-").FullName;
        var source = Repository.PathOf("notebooks", name);
        if (lastCell is not null)
        {
            var document = (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(source))!;
            document["cells"]!.AsArray().Add(new JsonObject
            {
                ["cell_type"] = "code", ["id"] = "measured", ["metadata"] = new JsonObject(), ["execution_count"] = null,
                ["outputs"] = new JsonArray(), ["source"] = lastCell,
            });
            source = Path.Combine(folder, name);
            await File.WriteAllTextAsync(source, document.ToJsonString());
        }

        var options = new RunOptions
        {
            NotebookPath = source,
            OutputPath = Path.Combine(folder, "executed.ipynb"),
            WorkingFolder = Repository.PathOf("notebooks"),
            Parameters = [$"results={Path.Combine(folder, "results")}", .. parameters],
        };
        var result = await HeadlessRunner.RunAsync(options, new TextRunReporter(TextWriter.Null, isTerminal: false), [new BeamlineExtension()]);
        return new NotebookRun(folder, result);
    }

    /// <summary>Fails with the traceback of the cell that failed.</summary>
    public NotebookRun Succeeded()
    {
        Assert.True(Result.ExitCode == 0, Result.Message + "\n" + string.Join('\n', Result.Cells.SelectMany(c => c.Traceback)));
        return this;
    }

    /// <summary>The first code cell whose source contains a text.</summary>
    public NotebookCell CellWith(string source) =>
        Document.Cells.First(c => c.Kind == NotebookCellKind.Code && c.Source.Contains(source, StringComparison.Ordinal));

    public static string Text(NotebookCell cell) =>
        string.Concat(cell.Outputs.Where(o => !IsAboutJob(o)).Select(o => (string?)o!["text"] ?? (string?)o["data"]?["text/plain"] ?? ""));

    /// <summary>Whether an output says how a long job went: there is none when the machine was quick.</summary>
    public static bool IsAboutJob(JsonNode? output) => output?["metadata"]?["beamline"]?["job"] is not null;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
