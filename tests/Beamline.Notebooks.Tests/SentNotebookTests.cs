using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote;
using Beamline.Remote.Tests.Slurm;
using Beamline.Tomography;

namespace Beamline.Notebooks.Tests;

/// <summary>Whole notebooks, each cell sent off with what the cells before it gave: all arrays have the bits that they have without.</summary>
// One after the other: a run changes the working folder of the whole process.
[Collection("Notebook runs")]
public sealed class SentNotebookTests(SlurmCluster cluster)
{
    private static readonly string[] Arrays = ["Volume", "Image", "Stack", "IterativeResult", "[]", "List"];

    // A start in a batch system takes seconds, so that all three take minutes: one stands for them unless all are asked for.
    private static readonly bool IsThorough = Environment.GetEnvironmentVariable("BEAMLINE_TEST_EVERY_CELL") is { Length: > 0 };

    // Refused, as their second command asks for what its first one makes; and what does not come back.
    private static readonly Dictionary<string, (int[] StayHere, string[] Left)> Known = new()
    {
        ["01-first-reconstruction.ipynb"] = ([], []),
        ["02-preprocessing-and-rings.ipynb"] = ([], []),
        ["03-iterative-and-tv.ipynb"] = ([3, 21], ["live", "plug"]),
    };

    [Theory]
    [InlineData("01-first-reconstruction.ipynb", 20, 4)]
    [InlineData("02-preprocessing-and-rings.ipynb", 18, 0)]
    [InlineData("03-iterative-and-tv.ipynb", 17, 0)]
    public async Task A_notebook_gives_the_same_bits_when_its_cells_are_sent(string name, int leastLocal, int leastCluster)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-sent-").FullName;
        var files = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("BEAMLINE_HOME")!, "endpoints")).FullName;
        cluster.Need();
        await File.WriteAllTextAsync(Path.Combine(files, "cluster.json"), $$"""
            { "kind": "slurm", "workFolder": "{{folder}}/work", "via": { "kind": "cli", "conf": "{{cluster.Conf}}" }, "grace": 2 }
            """);
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.PathOf("notebooks"));
        try
        {
            using var here = new CellRuns();
            using var local = new CellRuns();
            using var far = new CellRuns();
            var (stayHere, left) = Known[name];
            int count = 0, sentLocal = 0, sentFar = 0;
            foreach (var source in NotebookDocument.Load(Repository.PathOf("notebooks", name)).Cells.Where(c => c.Kind == NotebookCellKind.Code).Select(c => c.Source))
            {
                count++;
                await here.Run(source);
                if (source.Contains("results =", StringComparison.Ordinal) || stayHere.Contains(count))
                {
                    await local.Run(source);
                    if (leastCluster > 0 || IsThorough)
                    {
                        await far.Run(source);
                    }

                    // A folder for each: one cell of 03 uses up what another has left there.
                    foreach (var (kernel, own) in stayHere.Contains(count) ? [] : new[] { (here, "one"), (local, "two"), (far, "six") }.Where(k => k.Item1 != far || leastCluster > 0 || IsThorough))
                    {
                        await kernel.Run($"results = \"{folder}/{own}\";");
                    }

                    continue;
                }

                await local.Run($"#!remote local\n{source}");
                sentLocal++;
                Compare(here, local, left, source);
                if (leastCluster == 0 && !IsThorough)
                {
                    continue;
                }

                // Only cells that make arrays go there.
                var goes = far.Kernel.Services.OfType<ICellCapture>().Single().Capture(source, new CaptureOptions("cell")).Outputs
                    .Any(o => Arrays.Any(a => o.TypeName.Contains(a, StringComparison.Ordinal)));
                await far.Run(goes ? $"#!remote cluster\n{source}" : source);
                sentFar += goes ? 1 : 0;
                Compare(here, far, left, source);
            }

            Assert.Equal((leastLocal, leastCluster), (Math.Min(leastLocal, sentLocal), Math.Min(leastCluster, sentFar)));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(CellRuns here, CellRuns there, string[] left, string source)
    {
        var names = here.Kernel.Session.Variables().Select(v => v.Name).Except(left).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(names, there.Kernel.Session.Variables().Select(v => v.Name).Except(left).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            Assert.True(Same(here.Kernel.Session.FindVariable(name)!.Value, there.Kernel.Session.FindVariable(name)!.Value), $"{name} is another after\n{source}");
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
                return x.Replace("/two", "/one", StringComparison.Ordinal).Replace("/six", "/one", StringComparison.Ordinal) ==
                    y.Replace("/two", "/one", StringComparison.Ordinal).Replace("/six", "/one", StringComparison.Ordinal);
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
}
