namespace Beamline.Arrays.Tests;

public sealed unsafe class InterleavedSlabTests
{
    private static float Value(int lane, int inner) => (1000 * (lane + 1)) + inner + 1;

    [Theory]
    [InlineData(16), InlineData(32)]
    public void Rows_go_into_their_lane_and_come_back(int lanes)
    {
        using var slab = new InterleavedSlab(3, 7, lanes, pad: 2);
        var row = new float[7];
        for (var lane = 0; lane < lanes; lane++)
        {
            for (var i = 0; i < 7; i++)
            {
                row[i] = Value(lane, i);
            }

            slab.SetRow(1, lane, row);
        }

        for (var lane = 0; lane < lanes; lane++)
        {
            slab.GetRow(1, lane, row);
            for (var i = 0; i < 7; i++)
            {
                Assert.Equal(Value(lane, i), row[i]);
                Assert.Equal(Value(lane, i), slab[1, i, lane]);
                // The layout that the operators rely on: lane fastest, then column, then row.
                Assert.Equal(Value(lane, i), slab.Origin[slab.RowStride + (i * lanes) + lane]);
            }
        }

        AssertElsewhereZero(slab, row: 1, laneCount: lanes);
    }

    public static TheoryData<int, int> LaneCounts()
    {
        var data = new TheoryData<int, int>();
        for (var laneCount = 1; laneCount <= 32; laneCount++)
        {
            data.Add(32, laneCount);
            if (laneCount <= 16)
            {
                data.Add(16, laneCount);
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(LaneCounts))]
    public void Blocks_of_slices_go_into_lanes_and_come_back_for_every_remainder(int lanes, int laneCount)
    {
        // The transposition works in blocks of 8 x 8; what is left over at both edges goes another way.
        for (var inner = 1; inner <= 40; inner++)
        {
            var stride = inner + (inner % 5);
            var source = new float[((laneCount - 1) * stride) + inner];
            Array.Fill(source, -7);
            for (var lane = 0; lane < laneCount; lane++)
            {
                for (var i = 0; i < inner; i++)
                {
                    source[(lane * stride) + i] = Value(lane, i);
                }
            }

            using var slab = new InterleavedSlab(2, inner, lanes, pad: 1, outerPad: 1);
            slab.SetLanes(1, source, stride, laneCount);
            for (var lane = 0; lane < laneCount; lane++)
            {
                for (var i = 0; i < inner; i++)
                {
                    Assert.True(slab[1, i, lane] == Value(lane, i), $"{inner} columns: lane {lane}, column {i}");
                }
            }

            AssertElsewhereZero(slab, row: 1, laneCount);
            var back = new float[source.Length];
            Array.Fill(back, -7);
            slab.GetLanes(1, back, stride, laneCount);
            Assert.True(source.AsSpan().SequenceEqual(back), $"{inner} columns back");
        }
    }

    [Theory]
    [InlineData(0, 0), InlineData(2, 0), InlineData(2, 3), InlineData(0, 1)]
    public void Padding_surrounds_the_elements(int pad, int outerPad)
    {
        using var slab = new InterleavedSlab(2, 3, 16, pad, outerPad);
        Assert.Equal((3 + (2 * pad)) * 16, slab.RowStride);
        Assert.Equal((outerPad * slab.RowStride) + (pad * 16), slab.OriginOffset);
        Assert.Equal((2 + (2 * outerPad)) * slab.RowStride, slab.FloatCount);
        Assert.Equal(0, (nint)slab.Origin % 64);
        slab[0, 0, 0] = 1;
        slab[1, 2, 15] = 2;
        Assert.Equal(1, slab.Origin[0]);
        Assert.Equal(2, slab.Origin[slab.RowStride + (2 * 16) + 15]);
        slab.Clear();
        Assert.Equal(0, slab[0, 0, 0] + slab[1, 2, 15]);
    }

    [Fact]
    public void The_bytes_needed_are_the_bytes_taken()
    {
        using var slab = new InterleavedSlab(5, 11);
        Assert.Equal((32, 2, 0), (slab.Lanes, slab.Pad, slab.OuterPad));
        Assert.Equal(InterleavedSlab.BytesNeeded(5, 11), slab.FloatCount * sizeof(float));
        // Larger than 2^31 bytes must not overflow.
        Assert.Equal(4000L * 4004 * 32 * 4, InterleavedSlab.BytesNeeded(4000, 4000));
    }

    [Theory]
    [InlineData(0, 1, 16, 0, 0), InlineData(1, 0, 16, 0, 0), InlineData(1, 1, 8, 0, 0), InlineData(1, 1, 33, 0, 0)]
    [InlineData(1, 1, 16, -1, 0), InlineData(1, 1, 16, 0, -1)]
    public void Bad_shapes_are_refused(int outer, int inner, int lanes, int pad, int outerPad) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new InterleavedSlab(outer, inner, lanes, pad, outerPad));

    [Fact]
    public void Places_outside_are_named()
    {
        using var slab = new InterleavedSlab(2, 3, 16);
        Assert.Contains("row", Assert.Throws<ArgumentOutOfRangeException>(() => slab[2, 0, 0]).Message);
        Assert.Contains("column", Assert.Throws<ArgumentOutOfRangeException>(() => slab[0, 3, 0]).Message);
        Assert.Contains("lane", Assert.Throws<ArgumentOutOfRangeException>(() => slab[0, 0, 16] = 1).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.SetRow(0, 16, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.GetRow(-1, 0, new float[3]));
        Assert.Throws<ArgumentException>(() => slab.SetRow(0, 0, new float[4]));
        Assert.Throws<ArgumentException>(() => slab.GetRow(0, 0, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.SetLanes(0, new float[99], 3, 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => slab.SetLanes(0, new float[99], 3, 0));
        Assert.Throws<ArgumentException>(() => slab.SetLanes(0, new float[99], 2, 2));
        Assert.Throws<ArgumentException>(() => slab.SetLanes(0, new float[5], 3, 2));
        Assert.Throws<ArgumentException>(() => slab.GetLanes(0, new float[5], 3, 2));
    }

    [Fact]
    public void A_disposed_slab_says_so()
    {
        var slab = new InterleavedSlab(2, 3, 16);
        slab.Dispose();
        slab.Dispose();
        Assert.Throws<ObjectDisposedException>(() => slab[0, 0, 0]);
        Assert.Throws<ObjectDisposedException>(() => slab.SetLanes(0, new float[3], 3, 1));
        Assert.Throws<ObjectDisposedException>(slab.Clear);
    }

    private static void AssertElsewhereZero(InterleavedSlab slab, int row, int laneCount)
    {
        var start = slab.Origin - slab.OriginOffset;
        var first = slab.OriginOffset + (row * slab.RowStride);
        var last = first + ((long)slab.InnerCount * slab.Lanes);
        for (long i = 0; i < slab.FloatCount; i++)
        {
            var written = i >= first && i < last && (i - first) % slab.Lanes < laneCount;
            Assert.True(written || start[i] == 0, $"float {i} is {start[i]}: padding and other rows and lanes must stay zero");
        }
    }
}
