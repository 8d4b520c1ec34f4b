using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>From a file to slices, against scikit-image in the same run.</summary>
internal static class WholeFbp
{
    private const int Size = 512;
    private const int Angles = 180;
    private const int Slices = 32;

    internal static IEnumerable<BenchRow> Rows()
    {
        var (peer, reason) = Peer.Run("iradon_speed.py", $"{Size}", $"{Angles}", "3");
        var seconds = Measure();
        yield return new BenchRow
        {
            Name = "Whole FBP of 32 slices over scikit-image iradon",
            Value = peer is null ? null : (double)peer["seconds"]! * Slices / seconds,
            Unit = "times faster",
            Comparison = ">=",
            Bar = 30,
            Threads = RunContext.Default.MaxThreads,
            Note = peer is null
                ? $"not measured: {reason}"
                : $"read, normalize, minus-log, filter, backproject: {seconds * 1e3:0} ms for {Slices} slices {Size}x{Size}, {Angles} angles; " +
                  $"iradon linear {(double)peer["seconds"]!:0.000} s a slice, one thread (scikit-image {peer["version"]})",
        };
    }

    private static double Measure()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-bench").FullName;
        try
        {
            var path = Path.Combine(folder, "scan.h5");
            var acquisition = new AcquisitionOptions { AngleCount = Angles, Rows = Slices, Columns = Size, SubRays = 1, FlatCount = 5, DarkCount = 5 };
            ScanSimulator.Write(Phantom.SheppLogan(Size).Scaled(0.01), acquisition, path);
            return Machine.LeastSeconds(5, () =>
            {
                using var scan = TomographyScan.Open(path);
                using var volume = Reconstruction.Fbp(scan.Normalize().MinusLog(), new RotationAxis(acquisition.AxisColumn));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
