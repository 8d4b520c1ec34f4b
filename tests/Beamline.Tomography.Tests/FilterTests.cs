using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.Tests;

public sealed class FilterTests
{
    [Fact]
    public void The_ramp_is_half_the_frequency_and_has_the_right_mean()
    {
        const int Length = 1024;
        var response = FilterResponse.Make(Length, new FbpOptions { Filter = FbpFilter.RamLak });
        for (var k = 16; k <= Length / 2; k++)
        {
            // |f| in cycles for each pixel; the band limit makes it right to a part in a thousand away from zero.
            Assert.Equal((double)k / Length, response[k], 1e-3);
        }

        // Sampled as |k| the mean would be 0, and reconstructed values would be too low.
        Assert.InRange(response[0], 1e-5, 1e-3);
        var expected = 0.25 - (2 / (Math.PI * Math.PI) * Enumerable.Range(0, Length / 4).Sum(i => 1 / Math.Pow((2 * i) + 1, 2)));
        Assert.Equal(expected, response[0], 1e-6);
    }

    [Theory]
    [InlineData(FbpFilter.RamLak, 1.0, 1.0)]
    [InlineData(FbpFilter.SheppLogan, 0.90032, 0.63662)]
    [InlineData(FbpFilter.Cosine, 0.70711, 0.0)]
    [InlineData(FbpFilter.Hamming, 0.54, 0.08)]
    [InlineData(FbpFilter.Hann, 0.5, 0.0)]
    [InlineData(FbpFilter.Parzen, 0.25, 0.0)]
    [InlineData(FbpFilter.Butterworth, 0.94118, 0.5)]
    public void Windows_have_their_textbook_values(FbpFilter filter, double atHalf, double atNyquist)
    {
        var options = new FbpOptions { Filter = filter };
        Assert.Equal(1, FilterResponse.Window(0, options), 1e-12);
        Assert.Equal(atHalf, FilterResponse.Window(0.5, options), 1e-5);
        Assert.Equal(atNyquist, FilterResponse.Window(1, options), 1e-5);
    }

    [Fact]
    public void The_cutoff_shrinks_the_window()
    {
        var half = new FbpOptions { Filter = FbpFilter.Hann, Cutoff = 0.5 };
        Assert.Equal(0.5, FilterResponse.Window(0.25, half), 1e-12);
        Assert.Equal(0, FilterResponse.Window(0.51, half));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_cutoff_out_of_range_is_refused(double cutoff) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FbpOptions { Cutoff = cutoff });

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Filtering_a_row_is_a_convolution(int lanes)
    {
        const int Columns = 37;
        var random = new Random(2);
        using var slab = new SlabShape(2, Columns, 0).Allocate(lanes);
        var rows = new float[lanes][];
        for (var lane = 0; lane < lanes; lane++)
        {
            rows[lane] = [.. Enumerable.Range(0, Columns).Select(_ => random.NextSingle())];
            slab.SetRow(1, lane, rows[lane]);
        }

        using var filter = new SinogramFilter(Columns, lanes, new FbpOptions { Filter = FbpFilter.RamLak });
        filter.Apply(slab, Compute.RunContext.Default);
        var result = new float[Columns];
        for (var lane = 0; lane < lanes; lane++)
        {
            slab.GetRow(1, lane, result);
            for (var i = 0; i < Columns; i++)
            {
                // Kak and Slaney, equation 61: h(0) = 1/4, h(odd n) = -1 / (pi n)^2.
                double expected = 0;
                for (var j = 0; j < Columns; j++)
                {
                    var n = i - j;
                    expected += rows[lane][j] * (n == 0 ? 0.25 : n % 2 != 0 ? -1 / (Math.PI * Math.PI * n * n) : 0);
                }

                Assert.Equal(expected, result[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Edge_padding_treats_both_edges_alike()
    {
        // 38 columns in an FFT of 128 leave an even number of places: exactly half of them for each edge.
        const int Columns = 38;
        var options = new FbpOptions { Padding = SinogramPadding.Edge };
        float[] row = [.. Enumerable.Range(0, Columns).Select(i => 1 + (0.1f * i))];
        using var slab = new SlabShape(1, Columns, 0).Allocate(16);
        slab.SetRow(0, 0, row);
        slab.SetRow(0, 1, [.. row.Reverse()]);
        using var filter = new SinogramFilter(Columns, 16, options);
        filter.Apply(slab, Compute.RunContext.Default);
        for (var i = 0; i < Columns; i++)
        {
            Assert.Equal(slab[0, i, 0], slab[0, Columns - 1 - i, 1], 1e-5);
        }
    }
}
