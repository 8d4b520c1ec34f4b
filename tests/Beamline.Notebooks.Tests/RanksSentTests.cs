using Beamline.Kernel;
using Beamline.Remote.Tests.Slurm;

namespace Beamline.Notebooks.Tests;

/// <summary>Cells of several ranks that exchange data, on a real Slurm of emulated nodes, started by srun and by mpirun.</summary>
[Collection("Notebook runs")]
public sealed class RanksSentTests : IDisposable
{
    private readonly CellRuns _cells = new();
    private readonly string _work = Directory.CreateTempSubdirectory("beamline-ranks-work-").FullName;

    public RanksSentTests(SlurmCluster cluster)
    {
        cluster.Need();
        var folder = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("BEAMLINE_HOME")!, "endpoints")).FullName;
        foreach (var launcher in new[] { "srun", "mpirun" })
        {
            // The emulated nodes have the loopback only.
            var options = launcher == "srun" ? "" : ", \"mpiOptions\": [\"--allow-run-as-root\", \"--oversubscribe\"]";
            File.WriteAllText(Path.Combine(folder, $"ranks-{launcher}.json"), $$"""
                { "kind": "slurm", "workFolder": "{{_work}}", "via": { "kind": "cli", "conf": "{{cluster.Conf}}" }, "grace": 2, "extra": ["--ntasks-per-node=2"], "mpi": "{{launcher}}"{{options}},
                  "prologue": ["export OMPI_MCA_btl_tcp_if_include=lo OMPI_MCA_oob_tcp_if_include=lo"] }
                """);
        }
    }

    public void Dispose()
    {
        _cells.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Theory]
    [InlineData("srun")]
    [InlineData("mpirun")]
    public async Task Sums_over_nodes_are_those_of_one_process(string launcher)
    {
        const string Code = """
            var (rank, size, node) = (Ranks.All.Rank, Ranks.All.Size, Ranks.All.ByNode());

            // More than any MPI sends without asking first; sums in the order of the ranks, to the last bit.
            float[] Of(int r) => Enumerable.Range(0, 1_000_003).Select(i => ((i * 31 + r * 7919) % 1000) * 0.37f).ToArray();
            var sum = Of(rank);
            Ranks.All.AllReduce(sum);
            var loop = Of(0);
            for (var r = 1; r < size; r++) { var other = Of(r); for (var i = 0; i < loop.Length; i++) loop[i] += other[i]; }
            if (!sum.AsSpan().SequenceEqual(loop)) throw new Exception("sums differ");

            // On the nodes first, then between them.
            var first = Enumerable.Repeat(1.0 + rank, 100_000).ToArray();
            node.Reduce(first);
            var between = Ranks.All.Split(node.Rank);
            if (node.Rank == 0) between.AllReduce(first);
            node.Broadcast(first);
            if (first.Any(v => v != size * (size + 1) / 2)) throw new Exception("not the sum of all");

            // Landweber's iteration with the angles spread over the ranks, and by each rank alone.
            const int Angles = 30, Columns = 48, Slices = 16;
            var random = new Random(5);
            var measured = Enumerable.Range(0, Angles * Slices).Select(_ => Enumerable.Range(0, Columns).Select(_ => random.NextSingle()).ToArray()).ToArray();
            Volume Iterate(Range angles, RankGroup? group)
            {
                var own = Enumerable.Range(0, Angles).Take(angles).ToArray();
                using var projector = new ParallelProjector(new ParallelGeometry(own.Select(a => 180.0 * a / Angles).ToArray(), Columns));
                using var x = projector.Domain.Allocate(Slices);
                using var y = projector.Range.Allocate(Slices);
                var volume = new Volume(Slices, Columns, Columns);
                var step = new Volume(Slices, Columns, Columns);
                var row = new float[Columns];
                for (var iteration = 0; iteration < 4; iteration++)
                {
                    for (var z = 0; z < Slices; z++) for (var r = 0; r < Columns; r++) x.SetRow(r, z, volume.Row(z, r));
                    projector.Forward(x, y);
                    for (var a = 0; a < own.Length; a++)
                    {
                        for (var z = 0; z < Slices; z++)
                        {
                            y.GetRow(a, z, row);
                            for (var c = 0; c < Columns; c++) row[c] = measured[own[a] * Slices + z][c] - row[c];
                            y.SetRow(a, z, row);
                        }
                    }

                    projector.Adjoint(y, x);
                    for (var z = 0; z < Slices; z++) for (var r = 0; r < Columns; r++) x.GetRow(r, z, step.Row(z, r));
                    group?.AllReduce(step);
                    for (var z = 0; z < Slices; z++) for (var i = 0; i < Columns * Columns; i++) volume.Slice(z)[i] += 2e-4f * step.Slice(z)[i];
                }

                return volume;
            }

            var together = Iterate(Ranks.Share(Angles), Ranks.All);
            var alone = Iterate(.., null);
            double greatest = 0, distance = 0;
            for (var z = 0; z < Slices; z++)
            {
                for (var i = 0; i < Columns * Columns; i++)
                {
                    greatest = Math.Max(greatest, Math.Abs(alone.Slice(z)[i]));
                    distance = Math.Max(distance, Math.Abs(alone.Slice(z)[i] - together.Slice(z)[i]));
                }
            }

            if (!(distance < 3e-6 * greatest)) throw new Exception($"{distance} of {greatest}");
            var stacked = Ranks.All.Gather(together);
            var ends = (rank, size, node.Size, stacked?.SliceCount ?? 0, greatest > 0.01);
            """;
        await _cells.Run($"#!remote ranks-{launcher} --nodes 2 --tasks 4 --time 00:10:00\n{Code}");
        await _cells.Run("if (ends != (0, 4, 2, 64, true)) throw new Exception($\"{ends}\"); var once = together;");

        // Once more, and the same bits.
        await _cells.Run($"#!remote ranks-{launcher} --nodes 2 --tasks 4 --time 00:10:00\n{Code}");
        await _cells.Run("for (var z = 0; z < 16; z++) if (!once.Slice(z).SequenceEqual(together.Slice(z))) throw new Exception($\"slice {z}\");");
    }

    /// <summary>The example of docs/remote.md.</summary>
    [Fact]
    public async Task Slices_of_all_nodes_make_the_volume_of_one()
    {
        var foam = Repository.PathOf("data-samples", "foam.h5").Replace('\\', '/');
        await _cells.Run($"var projections = TomographyScan.Open(\"{foam}\").Normalize().MinusLog(); var axis = RotationAxis.Find(projections);");
        var example = Examples().First(code => code.Contains("Ranks.All.Gather(own)", StringComparison.Ordinal));
        await _cells.Run(example.Replace("#!remote cluster --nodes 2 --tasks 4", "#!remote ranks-srun --nodes 2 --tasks 4", StringComparison.Ordinal));
        await _cells.Run("""
            var whole = Reconstruction.Fbp(projections, axis);
            if (volume.SliceCount != whole.SliceCount) throw new Exception("not the volume");
            double greatest = 0, distance = 0;
            for (var z = 0; z < whole.SliceCount; z++)
            {
                for (var i = 0; i < whole.RowCount * whole.ColumnCount; i++)
                {
                    greatest = Math.Max(greatest, Math.Abs(whole.Slice(z)[i]));
                    distance = Math.Max(distance, Math.Abs(whole.Slice(z)[i] - volume.Slice(z)[i]));
                }
            }

            // Slices are filtered in pairs, which are others.
            if (greatest == 0 || distance > 1e-5 * greatest) throw new Exception($"{distance} of {greatest}");
            """);
    }

    [Fact]
    public async Task The_same_cell_runs_here_alone()
    {
        await _cells.Run("""
            float[] values = [1, 2, 3];
            Ranks.All.AllReduce(values);
            Ranks.All.AllReduce(values, Reduction.Max);
            double total = Ranks.All.AllReduce(2.5);
            if (Ranks.All.Size != 1 || !values.SequenceEqual([1f, 2, 3]) || total != 2.5 || Ranks.All.ByNode().AllGather<int>([5]).Single() != 5) throw new Exception("not alone");
            """);
    }

    [Theory]
    [InlineData("srun")]
    [InlineData("mpirun")]
    public async Task A_rank_that_throws_or_is_killed_ends_the_job_and_is_named(string launcher)
    {
        var failed = await _cells.Fails($"""
            #!remote ranks-{launcher} --nodes 2 --tasks 4 --time 00:10:00
            Ranks.All.Barrier();
            if (Ranks.Rank == 2) throw new InvalidDataException("no such angle");
            Ranks.All.AllReduce(new float[1000]);
            """);
        Assert.Equal("Rank 2 of 4 on n2: no such angle", failed);
        failed = await _cells.Fails($"""
            #!remote ranks-{launcher} --nodes 2 --tasks 4 --time 00:10:00
            Ranks.All.Barrier();
            if (Ranks.Rank == 3) System.Diagnostics.Process.GetCurrentProcess().Kill();
            Ranks.All.AllReduce(new float[1000]);
            """);
        // mpirun kills the other rank of that node at the same time.
        Assert.Matches("Ranks? (2, )?3 of 4 ended without a word", failed);
        failed = await _cells.Fails($"#!remote ranks-{launcher} --nodes 2 --tasks 2 --time 00:10:00\nRanks.All.AllReduce(new float[100 + Ranks.Rank]);");
        Assert.Contains("rank 0 calls AllReduce of 100 float values (Sum), and rank 1 AllReduce of 101 float values", failed, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Examples() => File.ReadAllText(Repository.PathOf("docs", "remote.md")).Split("```csharp\n").Skip(1).Select(part => part.Split("```")[0]);
}
