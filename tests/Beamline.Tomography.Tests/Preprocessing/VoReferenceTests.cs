using System.Diagnostics;
using System.Runtime.InteropServices;
using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>
/// On the same striped sinograms, the methods "as published" leave what a second implementation of the paper in numpy and scipy
/// (peers/vo_stripes.py) leaves, and the defaults leave no more.
/// </summary>
public sealed class VoReferenceTests
{
    private const int Small = 11;
    private const int Large = 31;
    private const double Sigma = 3;

    [Theory]
    [InlineData(StripeScene.Discs, StripeKind.Mixed)]
    [InlineData(StripeScene.Rods, StripeKind.Full)]
    [InlineData(StripeScene.Head, StripeKind.Dead)]
    public void As_published_is_what_the_paper_says(StripeScene scene, StripeKind kind)
    {
        var phantom = StripedPhantom.Make(kind, scene);
        var folder = Directory.CreateTempSubdirectory("beamline-vo");
        try
        {
            var path = Path.Combine(folder.FullName, "s");
            var stack = phantom.Striped;
            File.WriteAllBytes(path, MemoryMarshal.AsBytes(stack.Memory.Span(0, (int)stack.Memory.Length)).ToArray());
            Python(path, $"{stack.AngleCount}", $"{stack.ColumnCount}", $"{Small}", $"{Large}", $"{Sigma}");
            foreach (var method in new[] { StripeMethod.Sorting, StripeMethod.Filtering, StripeMethod.Large, StripeMethod.Dead, StripeMethod.Interpolation, StripeMethod.All })
            {
                var options = new StripeOptions { Method = method, Size = Small, LargeSize = Large, Sigma = Sigma, AsPublished = true };
                var result = stack.RemoveStripes(options).Sinogram(0);
                var reference = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes($"{path}.{method}"));
                double difference = 0;
                for (var i = 0; i < reference.Length; i++)
                {
                    difference += Math.Pow(reference[i] - result.Values[i], 2);
                }

                // The mean of the sinogram is 1.
                Assert.True(Math.Sqrt(difference / reference.Length) < 1e-4, $"{method}: {Math.Sqrt(difference / reference.Length):g3}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Python(params string[] arguments)
    {
        const string Interpreter = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Interpreter), "There is no /usr/bin/python3.");
        var start = new ProcessStartInfo(Interpreter) { RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peers", "vo_stripes.py"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Contains("ModuleNotFoundError", StringComparison.Ordinal), "scipy is not installed: apt-get install python3-scipy");
        Assert.True(process.ExitCode == 0, errors);
    }
}
