using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Tomography.Tests;

public sealed class RealScanTests
{
    [Fact]
    public void The_I13_stack_gives_a_sample_with_air_around_it()
    {
        var folder = RealData.PathOf("i13_24737");
        using var scan = TomographyScan.Open(Path.Combine(folder, "projections", "*.tiff"), new ScanOptions
        {
            AngleRange = new AngleRange(-88.2, 2),
            FlatFiles = Path.Combine(folder, "flat_00001.tiff"),
            DarkFiles = Path.Combine(folder, "dark_00001.tiff"),
        });
        Assert.Equal((91, 135, 160), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        var projections = scan.Normalize().MinusLog();
        var vo = RotationAxis.Find(projections);
        // The first and the last view are exactly half a turn apart.
        var pair = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.PhaseCorrelation });
        TestContext.Current.TestOutputHelper?.WriteLine($"{vo}; {pair}");
        Assert.Equal(pair.Column, vo.Column, 1.0);
        Assert.Empty(pair.Warnings);

        using var volume = Reconstruction.Fbp(projections, vo, new FbpOptions { Filter = FbpFilter.Hann });
        Assert.Equal((135, 160, 160), (volume.SliceCount, volume.RowCount, volume.ColumnCount));
        // A right axis leaves less negative attenuation than one two pixels off, on both sides, where the dense piece is.
        foreach (var off in new[] { -2.0, 2.0 })
        {
            using var blurred = Reconstruction.Fbp(projections, new RotationAxis(vo.Column + off), new FbpOptions { Filter = FbpFilter.Hann });
            foreach (var z in new[] { 65, 70, 80 })
            {
                Assert.True(Negative(volume.SliceXY(z)) < Negative(blurred.SliceXY(z)), $"slice {z}, axis off by {off}");
            }
        }

        // What is reconstructed projects back to what was measured.
        var middle = volume.SliceXY(67);
        var mean = Inside(middle).Average();
        var sinogram = projections.Sinogram(67);
        var mass = sinogram.Values.ToArray().Average() * sinogram.ColumnCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"mass {mass:0.###}, mean {mean:0.#####}");
        Assert.InRange(Inside(middle).Sum() / mass, 0.85, 1.15);
    }

    [Fact]
    public void The_tooth_is_denser_than_the_air_around_it()
    {
        using var scan = TomographyScan.Open(RealData.PathOf("aps2bm_tooth", "tooth.h5"));
        using var volume = Reconstruction.Fbp(scan.Normalize().MinusLog());
        var slice = volume.SliceXY(0);
        // Enamel and dentine in the middle, air in a patch well outside.
        Assert.InRange(Patch(slice, 400, 270, 4), 4e-3, 1e-2);
        Assert.InRange(Patch(slice, 520, 320, 8), -5e-4, 5e-4);
    }

    private static double Patch(Image image, int y, int x, int half)
    {
        double sum = 0;
        for (var dy = -half; dy <= half; dy++)
        {
            for (var dx = -half; dx <= half; dx++)
            {
                sum += image[y + dy, x + dx];
            }
        }

        return sum / Math.Pow((2 * half) + 1, 2);
    }

    /// <summary>Attenuation is never negative; a wrong axis makes dark tails beside everything dense.</summary>
    private static double Negative(Image image) => Inside(image).Sum(v => Math.Pow(Math.Min(v, 0), 2));

    private static IEnumerable<float> Inside(Image image)
    {
        var middle = (image.ColumnCount - 1) / 2.0;
        for (var y = 0; y < image.RowCount; y++)
        {
            for (var x = 0; x < image.ColumnCount; x++)
            {
                if (Math.Pow(x - middle, 2) + Math.Pow(y - middle, 2) < Math.Pow(image.ColumnCount / 2.0, 2))
                {
                    yield return image[y, x];
                }
            }
        }
    }
}
