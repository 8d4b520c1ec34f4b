using System.Runtime.Intrinsics.X86;
using Beamline.Tests;

namespace Beamline.Arrays.Tests;

/// <summary>A machine without AVX transposes element by element.</summary>
public sealed class NarrowVectorTests
{
    [Fact]
    public Task Slices_go_into_lanes_and_back_without_AVX()
    {
        Assert.SkipUnless(Avx.IsSupported, "This CPU has no AVX: the tests here went that way already.");
        return ChildTests.RunAsync(typeof(InterleavedSlabTests), "DOTNET_EnableAVX", "0");
    }
}
