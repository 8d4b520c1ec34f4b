using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel.Tests;

/// <summary>Notebooks in a folder, and what a reporter heard of their runs.</summary>
internal sealed class RunnerFixture : IRunReporter, IDisposable
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public TemporaryFolder Folder { get; } = new();

    public List<string> Heard { get; } = [];

    /// <summary>Writes book.ipynb: a heading, then code cells.</summary>
    public string Notebook(params string[] code)
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# Book"));
        foreach (var source in code)
        {
            document.Cells.Add(new NotebookCell(NotebookCellKind.Code, source));
        }

        document.Save(Folder.File("book.ipynb"));
        return Folder.File("book.ipynb");
    }

    public static void Tag(string path, int cell, params string[] tags)
    {
        var document = NotebookDocument.Load(path);
        document.Cells[cell].Metadata["tags"] = new JsonArray([.. tags.Select(t => JsonValue.Create(t))]);
        document.Save(path);
    }

    /// <summary>One after the other, whichever tests run: a run changes the working folder, which is the process's, and puts back what it found.</summary>
    public async Task<RunResult> RunAsync(RunOptions options, CancellationToken token = default)
    {
        await OneAtATime.WaitAsync(CancellationToken.None);
        try
        {
            return await HeadlessRunner.RunAsync(options, this, [], token);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    /// <summary>The text of a cell's last output.</summary>
    public static string? Text(NotebookCell cell) => (string?)cell.Outputs[^1]!["data"]!["text/plain"];

    public void CellStarted(int index, int total, string firstLine) => Heard.Add($"start {index}");

    public void CellFinished(CellRunInfo cell) => Heard.Add($"end {cell.Index}");

    public void Progress(ProgressReport report, TimeSpan elapsed) => Heard.Add("progress");

    public void Dispose() => Folder.Dispose();
}
