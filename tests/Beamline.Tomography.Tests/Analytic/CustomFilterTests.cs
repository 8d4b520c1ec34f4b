using Beamline.Tomography.Filtering;

namespace Beamline.Tomography.Tests;

public sealed class CustomFilterTests
{
    [Theory]
    [InlineData("fbp"), InlineData("fourier"), InlineData("log-polar")]
    public void An_own_window_takes_the_place_of_a_built_in_one(string method)
    {
        const int N = 64;
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 2, N, 31.5);
        using var cosine = Methods.Run(method, projections, 31.5, o => o with { Filter = FbpFilter.Cosine, Cutoff = 0.8 });
        using var own = Methods.Run(method, projections, 31.5, o => o with { Response = w => Math.Cos(Math.PI * w / 2), Cutoff = 0.8 });
        using var other = Methods.Run(method, projections, 31.5, o => o with { Response = w => 1 - (w * w) });
        Assert.True(own.Slice(1).SequenceEqual(cosine.Slice(1)));
        Assert.False(other.Slice(1).SequenceEqual(cosine.Slice(1)));
        Assert.Contains("own window", own.Provenance.ToString(), StringComparison.Ordinal);
        Assert.Contains(method, own.Provenance.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fbp"), InlineData("fourier"), InlineData("log-polar")]
    public void An_own_window_keeps_values_quantitative(string method)
    {
        Phantoms.Disc[] disc = [new(0, 0, 0.7, 0.01)];
        using var projections = Phantoms.Project(disc, Phantoms.Angles(180), 1, 128, 63.5);
        using var volume = Methods.Run(method, projections, 63.5, o => o with { Response = w => Math.Exp(-3 * w * w) });
        Assert.Equal(0.01, Methods.Mean(volume, 0, 63.5, 63.5, 4), 5e-5);
    }

    [Theory]
    [InlineData("fbp"), InlineData("fourier"), InlineData("log-polar")]
    public void Without_a_ramp_the_own_response_is_all_of_it(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, 64, 31.5);
        using var plain = Methods.Run(method, projections, 31.5, o => o with { Filter = FbpFilter.None });
        using var twice = Methods.Run(method, projections, 31.5, o => o with { Filter = FbpFilter.None, Response = _ => 2 });
        Assert.InRange(Methods.Rms(twice, (_, y, x) => 2 * plain[0, y, x], 0.9), 0, 1e-5 * plain[0, 32, 32]);
        Assert.Contains("own response", twice.Provenance.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ramp_as_an_own_response_is_half_the_frequency()
    {
        var ramp = FilterResponse.Make(256, new FbpOptions { Filter = FbpFilter.RamLak });
        var own = FilterResponse.Make(256, new FourierOptions { Filter = FbpFilter.None, Response = w => w / 2 });
        for (var k = 8; k <= 128; k++)
        {
            Assert.Equal(ramp[k], own[k], 1e-3);
        }
    }

    [Theory]
    [InlineData("fbp"), InlineData("fourier"), InlineData("log-polar")]
    public void A_response_that_is_not_finite_is_refused_where_it_is_not(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(20), 1, 32, 15.5);
        var error = Assert.Throws<ArgumentException>(() =>
            Methods.Run(method, projections, 15.5, o => o with { Response = w => Math.Sin(w) / w }).Dispose());
        Assert.Contains("NaN at 0 of the Nyquist frequency", error.Message, StringComparison.Ordinal);
    }
}
