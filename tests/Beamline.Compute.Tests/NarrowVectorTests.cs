using Beamline.Compute.Simd;
using Beamline.Tests;

namespace Beamline.Compute.Tests;

/// <summary>A machine without AVX-512 takes other loops: they must be as right.</summary>
public sealed class NarrowVectorTests
{
    [Fact]
    public Task The_transform_is_right_without_512_bit_vectors()
    {
        Assert.SkipUnless(VectorUnit.Has512, "This CPU has no AVX-512: the tests here took the 256-bit loops already.");
        return ChildTests.RunAsync(typeof(LaneFftTests), "DOTNET_EnableAVX512", "0");
    }
}
