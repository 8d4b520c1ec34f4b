using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Tests;

public sealed class AngularWeightsTests
{
    [Fact]
    public void Even_angles_weigh_the_same()
    {
        foreach (var range in new[] { 180.0, 360.0, -180.0 })
        {
            var weights = AngularWeights.Compute([.. Enumerable.Range(0, 90).Select(i => 12.5 + (range * i / 90))]);
            Assert.All(weights, w => Assert.Equal(Math.PI / 90, w, 1e-12));
        }
    }

    [Fact]
    public void Both_ends_of_a_closed_half_turn_share_one_weight()
    {
        var weights = AngularWeights.Compute([.. Enumerable.Range(0, 181).Select(i => (double)i)]);
        Assert.Equal(Math.PI, weights.Sum(), 1e-9);
        Assert.Equal(Math.PI / 360, weights[0], 1e-9);
        Assert.Equal(Math.PI / 360, weights[180], 1e-9);
        Assert.Equal(Math.PI / 180, weights[90], 1e-9);
    }

    [Fact]
    public void A_missing_wedge_is_not_given_to_the_angles_beside_it()
    {
        var weights = AngularWeights.Compute([.. Enumerable.Range(0, 121).Select(i => (double)i)]);
        Assert.All(weights, w => Assert.Equal(Math.PI / 180, w, 1e-9));
    }

    [Fact]
    public void Order_does_not_matter()
    {
        double[] angles = [10, 170, 50, 90.5, 130, 30.2, 111, 150, 70, 0];
        var weights = AngularWeights.Compute(angles);
        var sorted = AngularWeights.Compute([.. angles.Order()]);
        Assert.Equal(sorted, angles.Select((a, i) => (a, w: weights[i])).OrderBy(p => p.a).Select(p => p.w));
        Assert.Equal(Math.PI, weights.Sum(), 1e-9);
    }
}
