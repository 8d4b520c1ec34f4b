using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Tomography.Tests.Preprocessing;

public sealed class RingRemovalTests
{
    [Fact]
    public void Table()
    {
        foreach (var kind in Enum.GetValues<StripeKind>())
        {
            var phantom = StripedPhantom.Make(kind);
            foreach (var method in Enum.GetValues<StripeMethod>())
            {
                var old = phantom.Striped.RemoveStripes(new StripeOptions { Method = method, AsPublished = true }).Sinogram(0);
                var result = phantom.Striped.RemoveStripes(method).Sinogram(0);
                Console.Error.WriteLine($"{kind,-8} {method,-15} energy down {100 * (1 - phantom.EnergyLeft(result)),8:0.00} %  elsewhere {100 * phantom.ChangeElsewhere(result),7:0.000} %     published {100 * (1 - phantom.EnergyLeft(old)),8:0.00} % {100 * phantom.ChangeElsewhere(old),7:0.000} %");
            }
        }
    }
    [Fact]
    public void Neutron()
    {
        var neutron = NeutronSinogram.Load();
        foreach (var method in Enum.GetValues<StripeMethod>())
        {
            var old = neutron.Stack.RemoveStripes(new StripeOptions { Method = method, AsPublished = true }).Sinogram(0);
            var result = neutron.Stack.RemoveStripes(method).Sinogram(0);
            Console.Error.WriteLine($"neutron {method,-15} energy down {100 * (1 - neutron.EnergyLeft(result)),8:0.00} %  elsewhere {100 * neutron.ChangeElsewhere(result),7:0.000} %     published {100 * (1 - neutron.EnergyLeft(old)),8:0.00} % {100 * neutron.ChangeElsewhere(old),7:0.000} %");
        }
    }
}
