using Beamline.Tests;

namespace Beamline.Data.Tests;

/// <summary>A machine without libhdf5: the errors say what to install, and scans that are being written can be followed all the same.</summary>
public sealed class WithoutHdf5LibraryTests
{
    private const string Variable = "BEAMLINE_LIBHDF5";

    [Theory]
    [InlineData(typeof(Hdf5LibraryTests))]
    [InlineData(typeof(LiveScanTests))]
    public Task The_same_tests_without_the_library(Type tests)
    {
        Assert.SkipUnless(Hdf5Library.IsFound, $"libhdf5 is not here, so the tests ran without it already. ({Hdf5Library.InstallHint})");
        return ChildTests.RunAsync(tests, Variable, "none");
    }

    [Fact]
    public void A_machine_with_h5py_has_a_library_that_is_found()
    {
        // Debian's h5py brings libhdf5-103-1: what is tested above is tested with the library on the machines of CI.
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) is null, $"{Variable} is set.");
        var h5py = H5py.Run("print(h5py.version.hdf5_version)");
        Assert.True(Hdf5Library.IsFound, Hdf5Library.Description);
        Assert.StartsWith(h5py, Hdf5Library.Description, StringComparison.Ordinal);
    }
}
