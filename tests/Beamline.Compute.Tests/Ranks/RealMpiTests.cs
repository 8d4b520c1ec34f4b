using System.Diagnostics;

namespace Beamline.Compute.Tests;

/// <summary>The same on real MPI: this class runs itself under the launchers of this machine, each rank a process of tests.</summary>
public class RealMpiTests
{
    // More than any MPI sends without asking first, and more than a block of a reduction.
    private const int Large = (18 << 20) / sizeof(float);

    [Theory]
    [InlineData(4, "mpirun", "--allow-run-as-root", "--oversubscribe")]
    [InlineData(3, "mpirun.mpich")]
    public async Task The_launchers_of_this_machine_start_ranks_that_talk(int size, string launcher, params string[] words)
    {
        Assert.SkipWhen(Ranks.Size > 1, "This is a rank.");
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists($"/usr/bin/{launcher}"), $"{launcher} is not on this machine");
        await RunAsync(size, nameof(Everything_is_a_loop_over_the_ranks), launcher, words);
    }

    [Fact]
    public async Task A_library_that_is_not_the_launchers_is_told()
    {
        Assert.SkipWhen(Ranks.Size > 1, "This is a rank.");
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/mpirun") && File.Exists("/usr/bin/mpirun.mpich"), "OpenMPI and MPICH are not both on this machine");
        await RunAsync(2, nameof(The_library_sees_another_launch), "mpirun", "--allow-run-as-root", "--oversubscribe", "-x", $"{MpiLibrary.Variable}=libmpich.so.12");
    }

    [Fact]
    public void The_library_sees_another_launch()
    {
        Assert.SkipWhen(Ranks.Size == 1, "Run by the test of the libraries.");
        for (var i = 0; i < 2; i++)
        {
            Assert.Contains(
                $"The launcher says that this is rank {Ranks.Rank} of 2, but the MPI library sees rank 0 of 1 (MPICH",
                Assert.Throws<RankException>(() => Ranks.All).Message, StringComparison.Ordinal);
        }
    }

    private static async Task RunAsync(int size, string test, string launcher, params string[] words)
    {
        var start = new ProcessStartInfo(launcher, [.. words, "-n", $"{size}", .. Program(), "--filter-method", $"*{test}", "--no-ansi", "--progress", "off"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["OMPI_MCA_btl_tcp_if_include"] = "lo";
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        output += await errors;
        Assert.True(child.ExitCode == 0, output);
        Assert.Equal(size, output.Split("succeeded: 1").Length - 1);
    }

    [Fact]
    public void Everything_is_a_loop_over_the_ranks()
    {
        Assert.SkipWhen(Ranks.Size == 1, "Run by the test of the launchers.");
        var all = Ranks.All;
        Assert.Equal((Ranks.Rank, Ranks.Size), (all.Rank, all.Size));
        foreach (var length in new[] { 1, 11, 5000, 1_000_003, Large })
        {
            var values = Values(all.Rank, length);
            all.AllReduce(values);
            var expected = Values(0, length);
            for (var rank = 1; rank < all.Size; rank++)
            {
                var other = Values(rank, length);
                for (var i = 0; i < length; i++)
                {
                    expected[i] += other[i];
                }
            }

            Assert.True(values.AsSpan().SequenceEqual(expected), $"sum of {length}");
            var one = Values(all.Rank, length);
            all.Reduce(one, root: 1);
            Assert.True(one.AsSpan().SequenceEqual(all.Rank == 1 ? expected : Values(all.Rank, length)), $"sum on one of {length}");
            var given = Values(all.Rank, length);
            all.Broadcast(given, root: all.Size - 1);
            Assert.True(given.AsSpan().SequenceEqual(Values(all.Size - 1, length)), $"broadcast of {length}");
            var own = Values(all.Rank, length + all.Rank).AsSpan();
            var parts = all.AllGather<float>(own);
            Assert.True(parts.AsSpan().SequenceEqual(Enumerable.Range(0, all.Size).SelectMany(r => Values(r, length + r)).ToArray()), $"gather of {length}");
            Assert.Equal(all.Rank == 1 ? parts : [], all.Gather<float>(own, root: 1));
            var back = new float[length + all.Rank];
            all.Scatter<float>(all.Rank == 0 ? parts : [], back);
            Assert.True(own.SequenceEqual(back), $"scatter of {length}");
            var from = (all.Rank + all.Size - 1) % all.Size;
            all.SendReceive<float>(given, (all.Rank + 1) % all.Size, given = new float[length], from);
            Assert.True(given.AsSpan().SequenceEqual(Values(all.Size - 1, length)), $"ring of {length}");
        }

        var half = all.Split(all.Rank % 2);
        Assert.Equal(((all.Size + 1 - (all.Rank % 2)) / 2, all.Rank / 2), (half.Size, half.Rank));
        Assert.Equal(Enumerable.Range(0, all.Size).Where(r => r % 2 == all.Rank % 2).Sum(), half.AllReduce(all.Rank));
        var node = all.ByNode();
        Assert.Equal((all.Rank, all.Size), (node.Rank, node.Size));
        Assert.Throws<RankException>(() => all.AllReduce(new int[all.Rank == 0 ? 100 : 200]));
        if (all.Rank == 0)
        {
            all.Send<double>([1, 2, 3], 1, tag: 7);
        }
        else if (all.Rank == 1)
        {
            Assert.Equal([1.0, 2, 3], all.Receive<double>(0, tag: 7));
        }

        // Errors that .NET makes of signals stay what they were before the library came.
        string? none = null;
        Assert.Throws<NullReferenceException>(() => none!.Length);
        all.Barrier();
    }

    private static float[] Values(int rank, int length)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = (((i * 31) + (rank * 7919)) % 1000) * 0.37f;
        }

        return values;
    }

    private static IEnumerable<string> Program() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(RealMpiTests).Assembly.Location]
        : [Environment.ProcessPath!];
}
