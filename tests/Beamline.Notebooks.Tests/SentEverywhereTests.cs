using Beamline.Kernel;
using Beamline.Remote.Tests.Slurm;

namespace Beamline.Notebooks.Tests;

/// <summary>The same cells here, on the endpoint of this machine and on a real Slurm, through the real program.</summary>
[Collection("Notebook runs")]
public sealed class SentEverywhereTests : IDisposable
{
    private readonly CellRuns _cells = new();
    private readonly SlurmCluster _cluster;
    private readonly string _work = Directory.CreateTempSubdirectory("beamline-slurm-work-").FullName;

    public SentEverywhereTests(SlurmCluster cluster)
    {
        cluster.Need();
        _cluster = cluster;
        var folder = Directory.CreateDirectory(Path.Combine(Environment.GetEnvironmentVariable("BEAMLINE_HOME")!, "endpoints")).FullName;
        File.WriteAllText(Path.Combine(folder, "cluster.json"), $$"""
            { "kind": "slurm", "workFolder": "{{_work}}", "via": { "kind": "cli", "conf": "{{_cluster.Conf}}" }, "grace": 2 }
            """);
    }

    public void Dispose()
    {
        _cells.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public async Task A_reconstruction_has_the_same_bits_wherever_it_runs()
    {
        var foam = Repository.PathOf("data-samples", "foam.h5").Replace('\\', '/');
        await _cells.Run($"var projections = TomographyScan.Open(\"{foam}\").Normalize().MinusLog(); var axis = RotationAxis.Find(projections);");
        const string Work = "IterativeReconstruction.Run(projections, axis, new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = 3 }).Volume;";
        await _cells.Run($"var here = {Work}");
        await _cells.Run($"#!remote local\nvar there = {Work}");
        await _cells.Run($"#!remote cluster --time 00:10:00\nvar far = {Work}");
        await _cells.Run("""
            for (var z = 0; z < here.SliceCount; z++)
            {
                if (!here.Slice(z).SequenceEqual(there.Slice(z)) || !here.Slice(z).SequenceEqual(far.Slice(z))) throw new Exception($"slice {z} differs");
            }

            if (here.VoxelSize != far.VoxelSize || here.Slice(5).ToArray().All(v => v == 0)) throw new Exception("not the same volume");
            """);
    }

    [Fact]
    public async Task Ranks_know_each_other_and_items_are_an_array_of_jobs()
    {
        await _cells.Run("#!remote cluster --tasks 2 --nodes 2 --time 00:10:00\nvar (rank, size, node) = (Ranks.Rank, Ranks.Size, Environment.MachineName);\nConsole.WriteLine($\"rank {Ranks.Rank} on {node}\");");
        await _cells.Run("if ((rank, size, node) != (0, 2, \"n1\")) throw new Exception($\"{rank} {size} {node}\");");
        await _cells.Run("var items = Enumerable.Range(0, 6).ToArray();");
        var failed = await _cells.Fails("#!remote cluster --map i in items --as squares\nif (i == 4) throw new ArgumentException(\"four\");\ni * i");
        Assert.Contains("four", failed, StringComparison.Ordinal);
        await _cells.Run("""
            if (squares.Failed.Count != 1 || squares.Failed[0].ToString() != "item 4: ArgumentException: four") throw new Exception(string.Join(";", squares.Failed));
            if (squares[3] != 9 || squares[5] != 25) throw new Exception("wrong results");
            """);
    }

    [Fact]
    public async Task A_partition_that_is_not_there_is_told_with_those_that_are()
    {
        Assert.Contains("debug, short", await _cells.Fails("#!remote cluster --partition gpus\n1 + 1"), StringComparison.Ordinal);
    }
}
