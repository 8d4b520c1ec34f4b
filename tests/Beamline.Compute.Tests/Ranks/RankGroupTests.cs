using System.Numerics;
using Beamline.Arrays;

namespace Beamline.Compute.Tests;

/// <summary>What ranks exchange, against loops over all of their values.</summary>
public class RankGroupTests
{
    // More than a block of a reduction, 16 MiB, with a rest that no number of ranks divides.
    private const int Large = (5 << 20) + 13;

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 0 }, { 1, 1000 }, { 2, 0 }, { 2, 1 }, { 2, 10 }, { 2, 11 }, { 3, 1 }, { 3, 2 }, { 3, 1000 }, { 4, 3 }, { 5, 999 }, { 7, 5 }, { 7, 4097 }, { 2, Large }, { 3, Large },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Reductions_are_loops_over_the_ranks(int size, int length)
    {
        Check(Values<float>(v => (v % 1000) * 0.37f));
        if (length < Large)
        {
            Check(Values<double>(v => (v % 777) * 0.1));
            Check(Values<int>(v => (int)v * 1_000_003));
            Check(Values<long>(v => v * 1_000_000_007));
        }

        T[][] Values<T>(Func<long, T> of) => [.. Enumerable.Range(0, size).Select(rank => Enumerable.Range(0, length).Select(i => of((rank * 7919L) + (i * 31L) + 1)).ToArray())];

        void Check<T>(T[][] values)
            where T : unmanaged, INumber<T>
        {
            foreach (var reduction in length < Large ? Enum.GetValues<Reduction>() : [Reduction.Sum])
            {
                var expected = Loop(values, reduction);
                var root = size - 1;
                ThreadRanks.Run(size, group =>
                {
                    var all = values[group.Rank].ToArray();
                    group.AllReduce(all, reduction);
                    Assert.True(all.AsSpan().SequenceEqual(expected), $"{typeof(T)} {reduction}");
                    var one = values[group.Rank].ToArray();
                    group.Reduce(one, root, reduction);
                    Assert.True(one.AsSpan().SequenceEqual(group.Rank == root ? expected : values[group.Rank]), $"root {typeof(T)} {reduction}");
                });
            }
        }
    }

    [Fact]
    public void Not_a_number_stays_one_wherever_it_is()
    {
        foreach (var length in new[] { 3, 64, 1001 })
        {
            ThreadRanks.Run(3, group =>
            {
                foreach (var reduction in Enum.GetValues<Reduction>())
                {
                    var values = Enumerable.Repeat((float)group.Rank, length).ToArray();
                    values[length / 2] = group.Rank == 1 ? float.NaN : 1;
                    values[^1] = group.Rank == 2 ? float.NaN : 1;
                    group.AllReduce(values, reduction);
                    Assert.Equal([length / 2, length - 1], Enumerable.Range(0, length).Where(i => float.IsNaN(values[i])));
                }
            });
        }
    }

    [Fact]
    public void One_value_of_each_rank_becomes_one() => ThreadRanks.Run(4, group =>
    {
        Assert.Equal(6, group.AllReduce(group.Rank));
        Assert.Equal(3.0, group.AllReduce((double)group.Rank, Reduction.Max));
        Assert.Equal(24L, group.AllReduce(group.Rank + 1L, Reduction.Product));
        Assert.Equal(0f, group.AllReduce((float)group.Rank, Reduction.Min));
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_broadcast_reaches_all(int size, int length)
    {
        for (var root = 0; root < size; root += Math.Max(1, size - 1))
        {
            ThreadRanks.Run(size, group =>
            {
                var values = Enumerable.Range(0, length).Select(i => (group.Rank * 100_000_000) + i).ToArray();
                group.Broadcast(values, root);
                for (var i = 0; i < length; i++)
                {
                    if (values[i] != (root * 100_000_000) + i)
                    {
                        Assert.Fail($"rank {group.Rank} has {values[i]} at {i}");
                    }
                }
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Gathered_values_stand_in_the_order_of_the_ranks(int size)
    {
        var parts = Enumerable.Range(0, size).Select(rank => Enumerable.Range(0, 3 * rank).Select(i => (rank, i)).ToArray()).ToArray();
        var whole = parts.SelectMany(p => p).ToArray();
        ThreadRanks.Run(size, group =>
        {
            Assert.Equal(whole, group.AllGather<(int, int)>(parts[group.Rank]));
            Assert.Equal(group.Rank == size - 1 ? whole : [], group.Gather<(int, int)>(parts[group.Rank], size - 1));
            var own = new (int, int)[parts[group.Rank].Length];
            group.Scatter(group.Rank == 0 ? whole : [], own.AsSpan());
            Assert.Equal(parts[group.Rank], own);
        });
    }

    [Fact]
    public void Messages_arrive_in_order_and_by_their_tags() => ThreadRanks.Run(3, group =>
    {
        if (group.Rank == 0)
        {
            group.Send<int>([1], 2);
            group.Send<int>([2, 3], 2, tag: 5);
            group.Send<int>([], 2);
            group.Send<int>(Enumerable.Range(0, 100_000).ToArray(), 2);
        }
        else if (group.Rank == 2)
        {
            Assert.Equal([2, 3], group.Receive<int>(0, tag: 5));
            var one = new int[1];
            group.Receive(one.AsSpan(), 0);
            Assert.Equal(1, one[0]);
            Assert.Empty(group.Receive<int>(0));
            Assert.Equal(Enumerable.Range(0, 100_000), group.Receive<int>(0));
        }
    });

    [Fact]
    public void A_message_that_waits_is_not_taken_for_a_part_of_a_sum() => ThreadRanks.Run(2, group =>
    {
        if (group.Rank == 0)
        {
            group.Send<float>([7], 1);
        }

        var values = new float[1000];
        values[999] = 1;
        group.AllReduce(values);
        Assert.Equal(2, values[999]);
        if (group.Rank == 1)
        {
            Assert.Equal([7f], group.Receive<float>(0));
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Edges_go_around_a_ring(int size) => ThreadRanks.Run(size, group =>
    {
        var (right, left) = ((group.Rank + 1) % size, (group.Rank + size - 1) % size);
        var edge = new long[50_000];
        group.SendReceive<long>(Enumerable.Repeat((long)group.Rank, edge.Length).ToArray(), right, edge, left);
        Assert.All(edge, v => Assert.Equal(left, v));
    });

    [Fact]
    public void Parts_of_a_group_work_beside_each_other() => ThreadRanks.Run(6, group =>
    {
        var odd = group.Split(group.Rank % 2);
        Assert.Equal((3, group.Rank / 2), (odd.Size, odd.Rank));
        Assert.Equal(group.Rank % 2 == 0 ? 0 + 2 + 4 : 1 + 3 + 5, odd.AllReduce(group.Rank));
        var node = group.ByNode();
        Assert.Equal((2, group.Rank % 2), (node.Size, node.Rank));

        // On the nodes first, then between them, then on the nodes again.
        var values = Enumerable.Range(0, 1000).Select(i => (double)((group.Rank * 1000) + i)).ToArray();
        node.Reduce(values);
        var between = group.Split(node.Rank);
        if (node.Rank == 0)
        {
            between.AllReduce(values);
        }

        node.Broadcast(values);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => 15_000.0 + (6 * i)), values);
    });

    [Fact]
    public void Volumes_are_summed_given_and_stacked() => ThreadRanks.Run(3, group =>
    {
        using var volume = Filled(4, group.Rank + 1);
        group.Reduce(volume, root: 1);
        Assert.Equal(group.Rank == 1 ? 6 : group.Rank + 1, volume[3, 4, 5]);
        group.Broadcast(volume, root: 1);
        Assert.Equal(6, volume[0, 0, 0]);
        group.AllReduce(volume, Reduction.Product);
        Assert.Equal(216, volume[2, 1, 0]);
        using var own = new Volume(group.Rank + 1, 5, 6) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(2)) };
        for (var z = 0; z < own.SliceCount; z++)
        {
            own.Slice(z).Fill((10 * group.Rank) + z);
        }

        using var whole = group.Gather(own, root: 2);
        Assert.Equal(group.Rank == 2, whole is not null);
        if (whole is not null)
        {
            Assert.Equal([0f, 10, 11, 20, 21, 22], Enumerable.Range(0, whole.SliceCount).Select(z => whole[z, 4, 5]));
            Assert.Equal(own.VoxelSize, whole.VoxelSize);
        }
    });

    [Fact]
    public void Calls_that_do_not_fit_are_told_on_all_ranks_and_the_next_one_works()
    {
        ThreadRanks.Run(3, group =>
        {
            Says(() => group.AllReduce(new float[group.Rank == 2 ? 999 : 1000]), "rank 0 calls AllReduce of 1,000 float values (Sum), and rank 2 AllReduce of 999 float values (Sum)");
            Says(() => group.AllReduce(new float[group.Rank == 2 ? 2 : 3]), "rank 2 AllReduce of 2 float values");
            Says(() => { if (group.Rank == 1) group.Barrier(); else group.Broadcast(new int[3], 1); }, "rank 0 calls Broadcast of 3 int values with root 1, and rank 1 Barrier()");
            Says(() => group.Broadcast(new int[30], group.Rank == 2 ? 1 : 0), "with root 0, and rank 2 Broadcast of 30 int values with root 1");
            Says(() => group.AllReduce(1, group.Rank == 1 ? Reduction.Min : Reduction.Max), "(Max), and rank 1 AllReduce of 1 int values (Min)");
            Says(() => { if (group.Rank == 1) group.AllGather<float>(new float[3]); else group.AllGather<int>(new int[3]); }, "rank 1 AllGather of 3 float values");
            Says(() => { if (group.Rank == 1) group.AllGather<Guid>(new Guid[3]); else group.AllGather<(int, int)>(new (int, int)[3]); }, "AllGather of 3 values of 8 bytes, and rank 1 AllGather of 3 values of 16 bytes");
            Says(() => group.Scatter<int>(group.Rank == 0 ? new int[7] : [], new int[2]), "Rank 0 spreads 7 values, and all ranks together have room for 6");
            using var wide = new Volume(2, 3, group.Rank == 1 ? 4 : 8);
            using var high = new Volume(2, group.Rank == 1 ? 8 : 4, group.Rank == 1 ? 4 : 8);
            Says(() => group.AllReduce(wide), "AllReduce of 48 float");
            Says(() => group.AllReduce(high), "rank 0 has a volume of 2 x 4 x 8, and rank 1 of 2 x 8 x 4");
            Says(() => group.Gather(wide), "rank 0 has slices of 3 x 8, and rank 1 of 3 x 4");
            Assert.Equal(3, group.AllReduce(1));
        });

        static void Says(Action call, string text) => Assert.Contains(text, Assert.Throws<RankException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_sent_must_fit_what_is_received()
    {
        var problems = ThreadRanks.Problems(2, group =>
        {
            if (group.Rank == 0)
            {
                group.Send<float>(new float[5], 1);
            }
            else
            {
                var wrong = Assert.Throws<RankException>(() => group.Receive(new float[4].AsSpan(), 0));
                Assert.Contains("rank 0 made a Send of 5 float values, and rank 1 receives a Send of 4 float values", wrong.Message, StringComparison.Ordinal);
                Assert.Contains("can no longer talk", Assert.Throws<RankException>(() => group.Receive<float>(0)).Message, StringComparison.Ordinal);
            }
        });
        Assert.All(problems, Assert.Null);
        problems = ThreadRanks.Problems(2, group =>
        {
            if (group.Rank == 0)
            {
                group.Send<float>(new float[5], 1);
            }
            else
            {
                Assert.Throws<RankException>(() => group.Receive<int>(0));
            }
        });
        Assert.All(problems, Assert.Null);
    }

    [Fact]
    public void Ranks_tags_and_colors_that_are_none_are_refused() => ThreadRanks.Run(2, group =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Broadcast(new int[1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Reduce(new int[1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Gather<int>([], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Scatter<int>([], [], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Send<int>([], group.Rank));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Receive<int>(group.Rank));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Send<int>([], 1 - group.Rank, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Receive<int>(1 - group.Rank, 30_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Split(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.AllReduce(1, (Reduction)4));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Share(-1));
        Assert.Equal(group.Rank == 0 ? 0..2 : 2..5, group.Share(5));
        Assert.Equal($"Rank {group.Rank} of 2", group.ToString());
    });

    [Fact]
    public void A_process_alone_is_a_group_of_one()
    {
        var all = Ranks.All;
        Assert.Equal((0, 1), (all.Rank, all.Size));
        Assert.Same(all, Ranks.All);
        var values = new float[1000];
        values[7] = 3;
        all.AllReduce(values);
        all.Broadcast(values);
        all.Barrier();
        Assert.Equal(3, values[7]);
        Assert.Equal(5, all.ByNode().Split(3).AllReduce(5));
        Assert.Equal([1, 2], all.AllGather<int>([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Send<int>([1], 0));
    }

    [Fact]
    public void A_process_makes_one_call_at_a_time_and_none_after_one_was_broken_off()
    {
        var state = new RankState();
        using (state.Enter("Barrier"))
        {
            Assert.True(state.IsBusy);
            Assert.Contains("Barrier still runs in another thread", Assert.Throws<InvalidOperationException>(() => state.Enter("Send")).Message, StringComparison.Ordinal);
        }

        using (state.Enter("Send"))
        {
            state.Broken = "rank 3 is gone.";
        }

        Assert.False(state.IsBusy);
        Assert.Contains("rank 3 is gone", Assert.Throws<RankException>(() => state.Enter("Send")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_ends_when_the_cell_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var problems = ThreadRanks.Problems(2, group =>
        {
            if (group.Rank == 1)
            {
                stop.Cancel();
                return;
            }

            using var context = RunContext.Use(RunContext.Default with { CancellationToken = stop.Token });
            group.Barrier();
        });
        Assert.IsType<OperationCanceledException>(problems[0], exactMatch: false);
    }

    private static T[] Loop<T>(T[][] values, Reduction reduction)
        where T : INumber<T>
    {
        var result = values[0].ToArray();
        foreach (var other in values.Skip(1))
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = reduction switch
                {
                    Reduction.Sum => result[i] + other[i],
                    Reduction.Min => other[i] < result[i] ? other[i] : result[i],
                    Reduction.Max => other[i] > result[i] ? other[i] : result[i],
                    _ => result[i] * other[i],
                };
            }
        }

        return result;
    }

    private static Volume Filled(int slices, float value)
    {
        var volume = new Volume(slices, 5, 6);
        for (var z = 0; z < slices; z++)
        {
            volume.Slice(z).Fill(value);
        }

        return volume;
    }
}
