using Beamline.Arrays;
using Beamline.Data;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>The rotation axis of a real scan, against an independent sharpness sweep.</summary>
internal static class RealScan
{
    internal static IEnumerable<BenchRow> Rows()
    {
        const string Name = "Rotation axis of tooth.h5 off the sharpest scikit-image slice";
        if (Find("aps2bm_tooth/tooth.h5") is not { } path)
        {
            yield return Row(Name, null, "not measured: the real data is not beside the repository (BEAMLINE_REAL_DATA)");
            yield break;
        }

        using var scan = TomographyScan.Open(path);
        var projections = scan.Normalize().MinusLog();
        var vo = RotationAxis.Find(projections);
        var pair = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.PhaseCorrelation });
        // Twelve pixels around the middle of both answers would show an error of either.
        var middle = Math.Round((vo.Column + pair.Column) / 2);
        var (peer, reason) = Peer.Run("center_sweep.py", path, $"{middle - 6}", $"{middle + 6}", "0.5");
        yield return Row(
            Name,
            peer is null ? null : Math.Abs((double)peer["column"]! - vo.Column),
            peer is null
                ? $"not measured: {reason}"
                : $"Vo {vo.Column:0.00}, phase correlation {pair.Column:0.00}, sharpest candidate {(double)peer["column"]!:0.0} (step 0.5)");
    }

    internal static string? Find(string relative)
    {
        var roots = new List<string?> { Environment.GetEnvironmentVariable("BEAMLINE_REAL_DATA") };
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            roots.Add(Path.Combine(folder.FullName, "shared", "data", "real"));
        }

        return roots.OfType<string>().Select(r => Path.Combine(r, relative)).FirstOrDefault(File.Exists);
    }

    private static BenchRow Row(string name, double? value, string note) =>
        new() { Name = name, Value = value, Unit = "px", Comparison = "<=", Bar = 1, Note = note };
}
