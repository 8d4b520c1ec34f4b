namespace Beamline.Arrays.Tests;

public sealed class ProvenanceTests
{
    [Fact]
    public void Steps_are_added_in_order_and_leave_the_earlier_history_alone()
    {
        var opened = Provenance.None.Then("open", ("path", "tooth.h5"));
        var filtered = opened.Then("fbp", ("filter", "Parzen"), ("cutoff", "1")).Then("crop");
        Assert.Empty(Provenance.None.Steps);
        Assert.Single(opened.Steps);
        Assert.Equal(["open", "fbp", "crop"], filtered.Steps.Select(s => s.Operation));
        Assert.Equal("Parzen", filtered.Steps[1].Parameters["filter"]);
        Assert.Equal("open(path: tooth.h5) -> fbp(filter: Parzen, cutoff: 1) -> crop", filtered.ToString());
        Assert.Equal("", Provenance.None.ToString());
    }

    [Fact]
    public void A_parameter_named_twice_keeps_the_last_value() =>
        Assert.Equal("b(x: 2)", Provenance.None.Then("b", ("x", "1"), ("x", "2")).ToString());

    [Fact]
    public void Quantities_carry_their_unit()
    {
        Assert.Equal("linear attenuation (1/cm)", Quantity.AttenuationPerCentimeter.ToString());
        Assert.Equal("transmission", Quantity.Transmission.ToString());
        Assert.Equal("", default(Quantity).ToString());
        Assert.NotEqual(Quantity.AttenuationPerCentimeter, Quantity.AttenuationPerPixel);
    }
}
