using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Denoising;

/// <summary>A noisy picture of discs and a ramp, and what peers/noise_filters.py (scipy, scikit-image) makes of it.</summary>
public sealed class FilterReference : IDisposable
{
    public const int Rows = 61, Columns = 74;
    public const double Sigma = 0.1;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beamline-filters");
    private readonly Lazy<JsonObject?> _numbers;

    public FilterReference()
    {
        (Truth, Noisy) = Scene(Rows, Columns, Sigma);
        _numbers = new Lazy<JsonObject?>(Run);
    }

    public Image Truth { get; }

    public Image Noisy { get; }

    /// <summary>One of the numbers. Skips the test without scikit-image.</summary>
    public double Number(string name) => (double)Numbers()[name]!;

    /// <summary>One of the pictures. Skips the test without scikit-image.</summary>
    public float[] Picture(string name)
    {
        Numbers();
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{Path.Combine(_folder.FullName, "image")}.{name}")).ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    internal static (Image Truth, Image Noisy) Scene(int rows, int columns, double sigma)
    {
        var random = new Random(3);
        var (truth, noisy) = (new Image(rows, columns), new Image(rows, columns));
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var disc = Math.Pow(y - (0.4 * rows), 2) + Math.Pow(x - (0.6 * columns), 2) < 0.06 * rows * columns ? 1.2 : 0;
                truth[y, x] = (float)(0.3 + disc + (0.5 * x / columns));
                var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                noisy[y, x] = (float)(truth[y, x] + (sigma * gauss));
            }
        }

        return (truth, noisy);
    }

    private JsonObject Numbers()
    {
        Assert.SkipWhen(_numbers.Value is null, "scikit-image is not installed: sudo apt-get install python3-skimage");
        return _numbers.Value!;
    }

    private JsonObject? Run()
    {
        const string Interpreter = "/usr/bin/python3";
        if (!File.Exists(Interpreter))
        {
            return null;
        }

        var path = Path.Combine(_folder.FullName, "image");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(Noisy.Values).ToArray());
        File.WriteAllBytes(path + ".truth", MemoryMarshal.AsBytes(Truth.Values).ToArray());
        var start = new ProcessStartInfo(Interpreter) { RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "peers", "noise_filters.py"), path, $"{Rows}", $"{Columns}", $"{Sigma}" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (errors.Contains("ModuleNotFoundError", StringComparison.Ordinal))
        {
            return null;
        }

        Assert.True(process.ExitCode == 0, errors);
        return JsonNode.Parse(File.ReadAllText(path + ".json"))!.AsObject();
    }
}
