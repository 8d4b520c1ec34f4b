using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>Whether saved results can be those of one run from top to bottom.</summary>
public sealed class GraphOrderTests
{
    [Theory]
    [InlineData("", "1", "2", "3")]
    [InlineData("", "-", "-", "-")]
    [InlineData("2 run-order", "2", "3")]
    [InlineData("3 run-order", "1", "3")]
    [InlineData("2 run-order;3 run-order", "3", "1")]
    [InlineData("3 run-order", "1", "1")]
    [InlineData("3 not-run", "1", "-")]
    [InlineData("2 not-run;3 run-order", "-", "2")]
    [InlineData("2 not-run", "-o", "1")]
    [InlineData("3 run-order", "1@2026-01-01T10:00:01Z", "2@2026-01-01T10:00:00Z")]
    [InlineData("", "1@2026-01-01T10:00:00Z", "2@2026-01-01T10:00:01Z")]
    [InlineData("", "1@nonsense", "2@2026-01-01T10:00:01Z")]
    public void Counts_and_times_must_rise(string problems, params string[] cells)
    {
        var document = new NotebookDocument { Cells = [new(NotebookCellKind.Markdown, "# Title"), .. cells.Select(Cell)] };
        Assert.Equal(problems, string.Join(';', NotebookLinter.CheckOrder(document, []).Select(p => $"{p.Cell} {p.Rule}")));
    }

    [Fact]
    public void Empty_and_skipped_cells_have_no_counts()
    {
        var skipped = new NotebookCell(NotebookCellKind.Code, "x y z") { Metadata = new JsonObject { ["tags"] = new JsonArray("skip-execution") } };
        var document = new NotebookDocument { Cells = [Cell("1"), new(NotebookCellKind.Code, " \n"), skipped, Cell("2")] };
        Assert.Empty(NotebookLinter.CheckOrder(document, []));
    }

    [Fact]
    public void A_name_that_is_defined_only_below_is_an_order_problem_and_an_unused_variable_is_none()
    {
        var document = new NotebookDocument
        {
            Cells =
            [
                new(NotebookCellKind.Code, "y + 1") { ExecutionCount = 1 },
                new(NotebookCellKind.Code, "var y = 1; var unused = 2;") { ExecutionCount = 2 },
            ],
        };
        Assert.Equal("defined-below", Assert.Single(NotebookLinter.CheckOrder(document, [])).Rule);
    }

    [Fact]
    public async Task A_notebook_that_our_runner_saved_passes_until_a_cell_is_edited()
    {
        using var folder = new TemporaryFolder();
        var (path, done) = (Path.Combine(folder.Path, "a.ipynb"), Path.Combine(folder.Path, "b.ipynb"));
        new NotebookDocument { Cells = [new(NotebookCellKind.Code, "var x = 1;"), new(NotebookCellKind.Code, "x")] }.Save(path);
        var document = NotebookDocument.Load(path);
        using (var kernel = new NotebookKernel([]))
        {
            var silent = new Silent();
            var executor = new InProcessExecutor(kernel, new DisplayIndex(), silent);
            await new NotebookRun(document, executor, new RunOptions { NotebookPath = path }, silent).RunAsync(default);
        }

        document.Save(done);
        document = NotebookDocument.Load(done);
        Assert.Empty(NotebookLinter.CheckOrder(document, []));
        document.Cells[1].Source = "x + 1";
        Assert.Equal((2, "changed-text"), Assert.Single(NotebookLinter.CheckOrder(document, []).Select(p => (p.Cell, p.Rule))));

        // Another front end ran it again and left our mark: the mark is of another run.
        document.Cells[1].ExecutionCount = 3;
        Assert.DoesNotContain(NotebookLinter.CheckOrder(document, []), p => p.Rule == "changed-text");
    }

    private static NotebookCell Cell(string text)
    {
        var parts = text.Split('@');
        return new NotebookCell(NotebookCellKind.Code, "1")
        {
            ExecutionCount = int.TryParse(parts[0], out var count) ? count : null,
            Outputs = parts[0] == "-o" ? [new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "x" }] : [],
            Metadata = parts.Length < 2 ? [] : new JsonObject { ["execution"] = new JsonObject { ["iopub.execute_input"] = parts[1] } },
        };
    }

    private sealed class Silent : IRunReporter
    {
        public void CellStarted(int cell, int count, string firstLine)
        {
        }

        public void Progress(Beamline.Compute.ProgressReport report, TimeSpan elapsed)
        {
        }

        public void CellFinished(CellRunInfo cell)
        {
        }
    }
}
