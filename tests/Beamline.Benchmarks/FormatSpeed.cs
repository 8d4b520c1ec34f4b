using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Benchmarks;

/// <summary>How fast frames become floats, one thread, from files in the cache of the system, against Python's packages on the same files in the same run.</summary>
internal static class FormatSpeed
{
    private const int Frames = 48;
    private const int Rows = 1024;
    private const int Columns = 1024;

    private static readonly (string File, string What, string Peer)[] Kinds =
    [
        ("contiguous.h5", "HDF5 contiguous", "h5py"),
        ("chunked.h5", "HDF5 a chunk for each frame", "h5py"),
        ("deflate.h5", "HDF5 shuffle + deflate", "h5py"),
        ("lzf.h5", "HDF5 LZF", "h5py"),
        ("bitshuffle-lz4.h5", "HDF5 bitshuffle + LZ4", "h5py and its plug-in"),
        ("blosc-lz4.h5", "HDF5 Blosc, LZ4", "h5py and its plug-in"),
        ("szip.h5", "HDF5 SZIP", "h5py"),
        ("folder-tif", "TIFF, a file for each frame", "tifffile"),
        ("pages.tif", "TIFF with many pages", "tifffile"),
        ("deflate.tif", "TIFF with many pages, deflate", "tifffile"),
        ("zstd.zarr", "Zarr, Zstandard", "zarr-python"),
        ("blosc-zstd.zarr", "Zarr, Blosc with Zstandard", "zarr-python"),
        ("stack.npy", "npy", "numpy"),
    ];

    internal static IEnumerable<BenchRow> Measure()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-bench-formats");
        try
        {
            var (peer, reason) = Peer.Run("formats_speed.py", folder.FullName, $"{Frames}", $"{Rows}", $"{Columns}");

            // The code of every kind is compiled to its last stage before the first is measured.
            foreach (var (file, _, _) in Kinds.Where(k => Path.Exists(Path.Combine(folder.FullName, k.File))))
            {
                _ = LeastCpuSeconds(Path.Combine(folder.FullName, file), 2);
            }

            foreach (var (file, what, package) in Kinds)
            {
                var path = Path.Combine(folder.FullName, file);
                var theirs = (double?)peer?["seconds"]?[file];
                if (!Path.Exists(path) || theirs is null)
                {
                    yield return Row(what, package, null, $"not measured: {(string?)peer?["reasons"]?[file] ?? reason}");
                    continue;
                }

                const double MegaBytes = (double)Frames * Rows * Columns * sizeof(ushort) / 1e6;
                var ours = LeastCpuSeconds(path, 5);
                yield return Row(
                    what, package, theirs / ours,
                    $"{MegaBytes / ours:0} MB/s a core (bytes as 16-bit counts, read and made float32), {package} {MegaBytes / theirs:0} MB/s; {Frames} frames of {Rows} x {Columns}, CPU seconds");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static BenchRow Row(string what, string package, double? ratio, string note) => new()
    {
        Name = $"Reading {what}: speed over {package}",
        Value = ratio,
        Unit = "times",
        Comparison = ">=",
        Bar = 1 / 1.3,
        Note = note,
    };

    private static double LeastCpuSeconds(string path, int runs)
    {
        var block = new float[8 * Rows * Columns];
        var least = double.PositiveInfinity;
        using var process = Process.GetCurrentProcess();
        for (var run = 0; run < runs; run++)
        {
            using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 180.0 / Frames) });
            process.Refresh();
            var start = process.TotalProcessorTime;
            for (var first = 0; first < Frames; first += 8)
            {
                scan.Frames.Read(new StackRegion(first, 8, 0, Rows), block);
            }

            process.Refresh();
            least = run == 0 ? least : Math.Min(least, (process.TotalProcessorTime - start).TotalSeconds);
        }

        return least;
    }
}
