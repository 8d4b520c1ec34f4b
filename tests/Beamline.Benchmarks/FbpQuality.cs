using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>How near FBP comes to a known phantom: Shepp-Logan 512, 180 angles, analytic sinogram with 4 sub-rays a bin.</summary>
internal static class FbpQuality
{
    private const int Size = 512;
    private const int Angles = 180;
    private const double Disc = 0.95;

    internal static IEnumerable<BenchRow> Rows()
    {
        var phantom = Phantom.SheppLogan(Size);
        var truth = phantom.ToImage(subPixels: 4);
        var geometry = new ParallelGeometry([.. Enumerable.Range(0, Angles).Select(i => 180.0 * i / Angles)], Size);
        var sinogram = phantom.AnalyticSinogram(geometry, subRays: 4);
        using var projections = new MemoryProjectionStack(geometry.AnglesDegrees, 1, Size) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < Angles; a++)
        {
            sinogram.Row(a).CopyTo(projections.Frame(a));
        }

        var results = Filters().Select(options =>
        {
            using var volume = Reconstruction.Fbp(projections, geometry.Axis, options);
            var slice = volume.SliceXY(0);
            return (Options: options, Rmse: ImageQuality.Rmse(truth, slice, Disc), Ssim: ImageQuality.Ssim(truth, slice, 1, Disc));
        }).ToList();
        var sharpest = results.MinBy(r => r.Rmse);
        var likest = results.MaxBy(r => r.Ssim);
        yield return new BenchRow
        {
            Name = "FBP quality, RMSE",
            Value = sharpest.Rmse,
            Unit = "of 0..1",
            Comparison = "<=",
            Bar = 0.0238,
            Threads = RunContext.Default.MaxThreads,
            Note = $"{Named(sharpest.Options)}; Shepp-Logan {Size}, {Angles} angles, disc {Disc}; bar is ASTRA's FBP",
        };
        yield return new BenchRow
        {
            Name = "FBP quality, SSIM",
            Value = likest.Ssim,
            Unit = "",
            Comparison = ">=",
            Bar = 0.913,
            Threads = RunContext.Default.MaxThreads,
            Note = $"{Named(likest.Options)}; bar is scikit-image's iradon. All: " +
                string.Join(", ", results.Select(r => $"{Named(r.Options)} {r.Rmse:0.0000}/{r.Ssim:0.000}")),
        };
    }

    private static IEnumerable<FbpOptions> Filters()
    {
        foreach (var filter in Enum.GetValues<FbpFilter>().Where(f => f is not FbpFilter.None and not FbpFilter.Butterworth))
        {
            yield return new FbpOptions { Filter = filter };
        }

        yield return new FbpOptions { Filter = FbpFilter.Butterworth, Cutoff = 0.5 };
    }

    private static string Named(FbpOptions options) =>
        options.Cutoff < 1 ? $"{options.Filter} cutoff {options.Cutoff}" : options.Filter.ToString();
}
