namespace Beamline.Arrays.Tests;

/// <summary>Large arrays: blocks from the kernel, kept for the next array for a while. Looks at what the whole process keeps.</summary>
[Collection(MemoryCounting.Name)]
public sealed class IdleBlockTests : IDisposable
{
    private const long Large = 24 << 20;

    public IdleBlockTests() => Assert.SkipUnless(AnonymousMemory.Suits(Large), "Blocks are taken from the kernel on Linux only.");

    public void Dispose()
    {
        IdleBlocks.Keeps = true;
        IdleBlocks.ReleaseOlderThan(0);
    }

    [Fact]
    public unsafe void A_new_array_is_zero_also_where_another_one_lay()
    {
        IdleBlocks.ReleaseOlderThan(0);
        var first = ArrayMemory.Allocate<byte>(Large);
        var address = (nint)first.Pointer;
        Assert.Equal(0, address % 64);
        Assert.Equal(-1, first.Span(0, (int)Large).IndexOfAnyExcept((byte)0));
        first.Span(0, (int)Large).Fill(7);
        first.Dispose();
        Assert.Equal(Large, IdleBlocks.Bytes);

        using var second = ArrayMemory.Allocate<byte>(Large);
        Assert.Equal(address, (nint)second.Pointer);
        Assert.Equal(0, IdleBlocks.Bytes);
        Assert.Equal(-1, second.Span(0, (int)Large).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Only_a_caller_that_fills_everything_sees_what_was_there()
    {
        IdleBlocks.ReleaseOlderThan(0);
        using (var first = ArrayMemory.Allocate<byte>(Large))
        {
            first.Span(0, (int)Large).Fill(7);
        }

        using var second = ArrayMemory.AllocateToFill<byte>(Large);
        Assert.Equal(7, second.Span(Large - 1, 1)[0]);
    }

    [Fact]
    public void A_slab_to_fill_has_padding_of_zeros()
    {
        IdleBlocks.ReleaseOlderThan(0);
        const int Angles = 300, Columns = 700, Lanes = 32;
        using (var first = InterleavedSlab.ToFill(Angles, Columns, Lanes, 2))
        {
            Assert.True(AnonymousMemory.Suits(first.FloatCount * sizeof(float)));
            Fill(first);
        }

        using var second = InterleavedSlab.ToFill(Angles, Columns, Lanes, 2);
        for (var angle = 0; angle < Angles; angle++)
        {
            Assert.Equal(-1, Side(second, angle, -2).IndexOfAnyExcept(0f));
            Assert.Equal(-1, Side(second, angle, Columns).IndexOfAnyExcept(0f));
        }

        Assert.Equal(7, second[Angles - 1, Columns - 1, 31]);

        static unsafe Span<float> Side(InterleavedSlab slab, int angle, int column) =>
            new(slab.Origin + (angle * slab.RowStride) + ((long)column * slab.Lanes), 2 * slab.Lanes);

        static unsafe void Fill(InterleavedSlab slab) => new Span<float>(slab.Origin - slab.OriginOffset, (int)slab.FloatCount).Fill(7);
    }

    [Fact]
    public void Another_size_takes_a_block_of_its_own()
    {
        IdleBlocks.ReleaseOlderThan(0);
        ArrayMemory.Allocate<byte>(Large).Dispose();
        using var other = ArrayMemory.Allocate<byte>(2 * Large);
        Assert.Equal(Large, IdleBlocks.Bytes);
    }

    [Fact]
    public void What_is_kept_has_a_bound_and_what_is_larger_goes_at_once()
    {
        IdleBlocks.ReleaseOlderThan(0);
        ArrayMemory.Allocate<byte>(3L << 30).Dispose();
        Assert.Equal(0, IdleBlocks.Bytes);
        var many = Enumerable.Range(0, 50).Select(_ => ArrayMemory.Allocate<byte>(Large)).ToList();
        many.ForEach(m => m.Dispose());
        Assert.InRange(IdleBlocks.Bytes, 1, 1L << 30);
    }

    [Fact]
    public void Kept_blocks_do_not_count_as_living_arrays_and_go_when_they_are_old_or_not_wanted()
    {
        IdleBlocks.ReleaseOlderThan(0);
        var before = ArrayMemory.LiveNativeBytes;
        ArrayMemory.Allocate<byte>(Large).Dispose();
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
        IdleBlocks.ReleaseOlderThan(60_000);
        Assert.Equal(Large, IdleBlocks.Bytes);
        IdleBlocks.Keeps = false;
        Assert.Equal(0, IdleBlocks.Bytes);
        ArrayMemory.Allocate<byte>(Large).Dispose();
        Assert.Equal(0, IdleBlocks.Bytes);
    }

    [Fact]
    public void Threads_share_what_is_kept()
    {
        IdleBlocks.ReleaseOlderThan(0);
        var before = ArrayMemory.LiveNativeBytes;
        Parallel.For(0, 200, i =>
        {
            using var memory = ArrayMemory.Allocate<int>(Large / sizeof(int));
            Assert.Equal(0, memory.Span(i * 1000, 1)[0]);
            memory.Span(i * 1000, 1)[0] = i;
            Assert.Equal(i, memory.Span(i * 1000, 1)[0]);
        });
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
    }
}
