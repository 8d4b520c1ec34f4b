using System.Collections;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Notebooks.Tests;

/// <summary>Cells of the notebooks can be taken out of them, and give bit for bit the same apart from them.</summary>
// One after the other: a run changes the working folder of the whole process.
[Collection("Notebook runs")]
public sealed class SentCellTests
{
    // The first stands for all: the others take minutes, twice.
    [Theory]
    [InlineData("01-first-reconstruction.ipynb", 8)]
    public async Task Cells_are_the_same_apart_from_their_notebook(string name, int leastSent)
    {
        var results = Directory.CreateTempSubdirectory("beamline-sent-").FullName;
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.PathOf("notebooks"));
        try
        {
            using var kernel = new NotebookKernel([new BeamlineExtension()]);
            var capture = kernel.Services.OfType<ICellCapture>().Single();
            var sent = 0;
            foreach (var cell in NotebookDocument.Load(Repository.PathOf("notebooks", name)).Cells.Where(c => c.Kind == NotebookCellKind.Code))
            {
                CapturedCell? captured = null;
                try
                {
                    captured = capture.Capture(cell.Source, new CaptureOptions("sent cell"));
                }
                catch (MagicException exception)
                {
                    TestContext.Current.TestOutputHelper?.WriteLine($"not sent: {exception.Message}\n  {cell.Source.Split('\n')[0]}");
                }

                await Run(kernel, cell.Source);
                if (cell.Source.Contains("results =", StringComparison.Ordinal))
                {
                    await Run(kernel, $"results = @\"{results}\";");
                }
                else if (captured is not null)
                {
                    sent++;
                    await Compare(captured, kernel);
                }
            }

            Assert.InRange(sent, leastSent, 100);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(results, recursive: true);
        }
    }

    private static async Task Compare(CapturedCell cell, NotebookKernel notebook)
    {
        using var worker = new NotebookKernel([new BeamlineExtension()]);
        await Run(worker, string.Concat(cell.Usings.Select(u => $"using {u};\n")));
        foreach (var part in cell.Prelude)
        {
            foreach (var input in part.Inputs.Select(n => cell.Inputs.Single(i => i.Name == n)))
            {
                AppDomain.CurrentDomain.SetData("sent input", input.Value);
                await Run(worker, $"{input.TypeName} {input.Name.Split('.')[0]} = ({input.TypeName})AppDomain.CurrentDomain.GetData(\"sent input\")!;");
            }

            await Run(worker, part.Code);
        }

        await Run(worker, cell.Source);
        foreach (var output in cell.Outputs)
        {
            var (here, there) = (notebook.Session.FindVariable(output.Name)!.Value, worker.Session.FindVariable(output.Name)!.Value);
            Assert.True(Same(here, there), $"{output.Name} ({output.TypeName}) of\n{cell.Source}");
        }
    }

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (Volume x, Volume y) => x.ToString() == y.ToString() && Enumerable.Range(0, x.SliceCount).All(i => x.Slice(i).SequenceEqual(y.Slice(i))),
        (string x, string y) => x == y,
        (float[] x, float[] y) => MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan())),
        (IEnumerable x, IEnumerable y) => x.Cast<object?>().Zip(y.Cast<object?>()).All(p => Same(p.First, p.Second)),
        _ => a?.ToString() == b?.ToString(),
    };

    private static async Task Run(NotebookKernel kernel, string code)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code);
        var sink = new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { });
        var outcome = await kernel.ExecuteAsync(new CellRequest(code, "cell"), sink, CancellationToken.None);
        Assert.True(outcome.Status == CellStatus.Ok, code + "\n" + string.Join('\n', outcome.Error?.Traceback ?? []));
    }
}
