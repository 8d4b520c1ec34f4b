using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Data.Tests;

/// <summary>What a source says it unpacks as a whole decides whether a reconstruction copies it first.</summary>
public sealed class UnpackedTogetherTests
{
    [Fact]
    public void Compressed_frames_of_hdf5_are_blocks()
    {
        using var folder = new TestFolder();
        ScanSimulator.Write(
            Phantom.SheppLogan(24).Scaled(0.01), new AcquisitionOptions { AngleCount = 5, Rows = 7, Columns = 24, FlatCount = 2, DarkCount = 2 }, folder["a.h5"]);
        using var scan = TomographyScan.Open(folder["a.h5"]);
        Assert.Equal((1, 7), scan.Frames.UnpackedTogether);
    }

    [Theory]
    [InlineData("v.npy", false), InlineData("v.tif", true)]
    public void Rows_of_bare_numbers_can_be_had_alone_and_strips_cannot(string name, bool isBlock)
    {
        using var folder = new TestFolder();
        using (var volume = new Volume(3, 20, 24))
        {
            for (var i = 0; i < 3 * 20 * 24; i++)
            {
                volume.Memory.Span(i, 1)[0] = i;
            }

            volume.Save(folder[name]);
        }

        using var scan = TomographyScan.Open(folder[name], new ScanOptions { AngleRange = new AngleRange(0, 90) });
        var (angles, rows) = scan.Frames.UnpackedTogether;
        Assert.Equal(1, angles);
        Assert.Equal(isBlock, rows > 1);
    }
}
