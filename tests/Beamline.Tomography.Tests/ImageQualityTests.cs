using System.Diagnostics;
using System.Globalization;
using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Tomography.Tests;

public sealed class ImageQualityTests
{
    [Fact]
    public void Ssim_equals_that_of_scikit_image()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-ssim").FullName;
        try
        {
            var (truth, picture) = Pair(61, 53);
            truth.Save(Path.Combine(folder, "a.npy"));
            picture.Save(Path.Combine(folder, "b.npy"));
            var answer = Python(
                "import sys, numpy as np; from skimage.metrics import structural_similarity as s; " +
                "print(repr(float(s(np.load(sys.argv[1]).astype(float), np.load(sys.argv[2]).astype(float), data_range=1.0))))",
                Path.Combine(folder, "a.npy"),
                Path.Combine(folder, "b.npy"));
            Assert.Equal(double.Parse(answer, CultureInfo.InvariantCulture), ImageQuality.Ssim(truth, picture), 1e-9);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Equal_pictures_are_perfect()
    {
        var (truth, _) = Pair(20, 20);
        Assert.Equal(0, ImageQuality.Rmse(truth, truth));
        Assert.Equal(1, ImageQuality.Ssim(truth, truth), 1e-12);
    }

    [Fact]
    public void Rmse_counts_only_the_disc()
    {
        var truth = new Image(11, 11);
        var picture = new Image(11, 11);
        picture[5, 5] = 3;
        picture[0, 0] = 100;
        // 9 pixels lie within a radius of 2 around the middle but the corners of that square: 13 of them.
        Assert.Equal(Math.Sqrt(9.0 / 13), ImageQuality.Rmse(truth, picture, 2 / 5.5), 1e-6);
        Assert.Equal(Math.Sqrt(10009.0 / 121), ImageQuality.Rmse(truth, picture), 1e-6);
    }

    [Fact]
    public void Different_shapes_and_tiny_pictures_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageQuality.Rmse(new Image(3, 4), new Image(4, 3)));
        Assert.Throws<ArgumentException>(() => ImageQuality.Ssim(new Image(6, 9), new Image(6, 9)));
    }

    private static (Image Truth, Image Picture) Pair(int rows, int columns)
    {
        var random = new Random(4);
        var truth = new Image(rows, columns);
        var picture = new Image(rows, columns);
        for (var i = 0; i < truth.Values.Length; i++)
        {
            truth.Values[i] = (MathF.Sin(i * 0.1f) + 1) / 2;
            picture.Values[i] = truth.Values[i] + ((random.NextSingle() - 0.5f) * 0.3f);
        }

        return (truth, picture);
    }

    private static string Python(string code, params string[] arguments)
    {
        const string Missing = "scikit-image is not installed: sudo apt-get install python3-skimage";
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), Missing);
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", code, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal), Missing);
        Assert.True(process.ExitCode == 0, errors.Result);
        return answer.Trim();
    }
}
