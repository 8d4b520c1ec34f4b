using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote.Tests.Slurm;
using Beamline.Tomography;

namespace Beamline.Notebooks.Tests;

/// <summary>Whole notebooks, each cell sent off with what the cells before it gave: all arrays have the bits that they have without.</summary>
[Collection("Notebook runs")]
public sealed class SentNotebookTests(SlurmCluster cluster)
{
    // What cannot be sent, by how its refusal begins; all else has to go.
    private static readonly string[] Refused = ["live "];

    [Theory]
    [InlineData("01-first-reconstruction.ipynb", "local")]
    [InlineData("01-first-reconstruction.ipynb", "cluster")]
    [InlineData("02-preprocessing-and-rings.ipynb", "local")]
    [InlineData("02-preprocessing-and-rings.ipynb", "cluster")]
    [InlineData("03-iterative-and-tv.ipynb", "local")]
    [InlineData("03-iterative-and-tv.ipynb", "cluster")]
    public async Task A_notebook_gives_the_same_bits_when_its_cells_are_sent(string name, string endpoint)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-sent-").FullName;
        if (endpoint == "cluster")
        {
            cluster.Need();
            var files = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("BEAMLINE_HOME")!, "endpoints")).FullName;
            await File.WriteAllTextAsync(Path.Combine(files, "cluster.json"), $$"""
                { "kind": "slurm", "workFolder": "{{folder}}/work", "via": { "kind": "cli", "conf": "{{cluster.Conf}}" }, "grace": 2 }
                """);
        }

        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.PathOf("notebooks"));
        try
        {
            using var here = new NotebookKernel([new BeamlineExtension()]);
            using var there = new NotebookKernel([new BeamlineExtension()]);
            var count = 0;
            var clock = System.Diagnostics.Stopwatch.StartNew();
            foreach (var cell in NotebookDocument.Load(Repository.PathOf("notebooks", name)).Cells.Where(c => c.Kind == NotebookCellKind.Code))
            {
                count++;
                var t0 = clock.Elapsed;
                await Run(here, cell.Source, count);
                if (cell.Source.Contains("results =", StringComparison.Ordinal))
                {
                    await Run(there, cell.Source, count);
                    await Run(here, $"results = @\"{folder}/here\";", count);
                    await Run(there, $"results = @\"{folder}/there\";", count);
                    continue;
                }

                var t1 = clock.Elapsed;
                var sent = await Execute(there, $"#!remote {endpoint}\n{cell.Source}", count);
                Console.Error.WriteLine($"{name} {endpoint} cell {count}: here {(t1 - t0).TotalSeconds:0.0} sent {(clock.Elapsed - t1).TotalSeconds:0.0} {sent.Status} {sent.Error?.Name}: {string.Join(" | ", sent.Error?.Traceback ?? [])}\n      {cell.Source.Split('\n')[0]}");
                if (sent.Status != CellStatus.Ok) await Run(there, cell.Source, count);
                Compare(here, there, cell.Source);
            }
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(NotebookKernel here, NotebookKernel there, string source)
    {
        var names = here.Session.Variables().Select(v => v.Name).Order().ToArray();
        if (!names.SequenceEqual(there.Session.Variables().Select(v => v.Name).Order())) Console.Error.WriteLine($"   NAMES {string.Join(' ', names)} / {string.Join(' ', there.Session.Variables().Select(v => v.Name).Order())}");
        foreach (var name in names)
        {
            var b = there.Session.FindVariable(name);
            if (b is null) continue;
            if (!Same(here.Session.FindVariable(name)!.Value, b.Value)) Console.Error.WriteLine($"   DIFFERS {name} after\n{source}");
        }
    }

    private static bool Same(object? a, object? b)
    {
        switch (a, b)
        {
            case (null, null):
                return true;
            case (null, _) or (_, null):
                return false;
            case (Volume x, Volume y):
                return x.SliceCount == y.SliceCount && x.VoxelSize == y.VoxelSize && Enumerable.Range(0, x.SliceCount).All(i => x.Slice(i).SequenceEqual(y.Slice(i)));
            case (ProjectionStack x, ProjectionStack y):
                return x.AngleCount == y.AngleCount && x.PixelSize == y.PixelSize && Enumerable.Range(0, x.RowCount).All(i => Bits(x.Sinogram(i).Values, y.Sinogram(i).Values));
            case (Image x, Image y):
                return (x.RowCount, x.ColumnCount, x.Quantity, x.Title) == (y.RowCount, y.ColumnCount, y.Quantity, y.Title) && Bits(x.Values, y.Values);
            case (IterativeResult x, IterativeResult y):
                return Same(x.Volume, y.Volume) && Same(x.History, y.History);
            case (string x, string y):
                return x == y;
            case (float[] x, float[] y):
                return Bits(x, y);
            case (ITuple x, ITuple y):
                return x.Length == y.Length && Enumerable.Range(0, x.Length).All(i => Same(x[i], y[i]));
            case (IEnumerable x, IEnumerable y):
                var (left, right) = (x.Cast<object?>().ToArray(), y.Cast<object?>().ToArray());
                return left.Length == right.Length && left.Zip(right).All(p => Same(p.First, p.Second));
            default:
                return a.GetType().Name == b.GetType().Name && (!(a.GetType().IsPrimitive || a is Length) || a.Equals(b));
        }
    }

    private static bool Bits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static async Task Run(NotebookKernel kernel, string code, int count)
    {
        var outcome = await Execute(kernel, code, count);
        Assert.True(outcome.Status == CellStatus.Ok, code + "\n" + string.Join('\n', outcome.Error?.Traceback ?? []));
    }

    private static async Task<CellOutcome> Execute(NotebookKernel kernel, string code, int count)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code) { ExecutionCount = count };
        return await kernel.ExecuteAsync(new CellRequest(code, $"cell {count}"), new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { }), CancellationToken.None);
    }
}
