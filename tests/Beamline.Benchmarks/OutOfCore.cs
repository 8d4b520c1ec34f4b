using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>
/// A scan of 1024 x 1024 x 1024 on the disk becomes a volume of 4 GiB under a memory limit of 2 GiB, in a process of its own whose peak is
/// read from the kernel; slices made in memory, in other processes before and after it, say what one would have cost there.
/// </summary>
internal static class OutOfCore
{
    /// <summary>First argument of the processes that this area starts.</summary>
    internal const string ChildArea = "outofcore-part";

    private const int FullSize = 1024;
    private const int MemorySlices = 64;

    /// <summary>
    /// The bar is about 1024 x 1024 x 1024; BEAMLINE_OUTOFCORE_SIZE and BEAMLINE_OUTOFCORE_ROWS make both scans smaller, and
    /// BEAMLINE_OUTOFCORE_SCAN=plain or compressed leaves one of them out.
    /// </summary>
    internal static IEnumerable<BenchRow> Rows()
    {
        var size = Number("BEAMLINE_OUTOFCORE_SIZE", FullSize);
        var rows = Number("BEAMLINE_OUTOFCORE_ROWS", size);
        var one = Environment.GetEnvironmentVariable("BEAMLINE_OUTOFCORE_SCAN");
        return (one == "compressed" ? [] : Rows(size, rows, isCompressed: false)).Concat(one == "plain" ? [] : Rows(size, rows, isCompressed: true));
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var n) ? n : otherwise;

    /// <summary>With a smaller scan the limit is lower in proportion.</summary>
    private static IEnumerable<BenchRow> Rows(int size, int rows, bool isCompressed)
    {
        var limit = Math.Max((long)((2L << 30) * ((double)rows * size * size / Math.Pow(FullSize, 3))), 450L << 20);
        var shape = $"{size} x {rows} x {size}" + (isCompressed ? " compressed" : "");
        // The system's folder for temporary files may be memory: a scan on a disk must lie on a disk.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"outofcore-{Environment.ProcessId}")).FullName;
        try
        {
            var scan = Path.Combine(folder, "scan.h5");
            Console.Error.WriteLine($"writing a scan of {shape} ...");
            BenchScan.Write(scan, size, rows, isCompressed);
            var before = Child("memory", scan, folder, limit);
            var disk = Child("disk", scan, folder, limit);
            var after = Child("memory", scan, folder, limit);
            var (seconds, cpu) = ((before.Seconds + after.Seconds) / 2, (before.CpuSeconds + after.CpuSeconds) / 2);
            yield return new BenchRow
            {
                Name = $"Out of core, {shape} under {limit / (double)(1L << 30):0.00} GiB, peak of the process",
                Value = disk.PeakBytes / (double)(1L << 30),
                Unit = "GiB",
                Comparison = "<=",
                Bar = limit / (double)(1L << 30),
                Threads = RunContext.Default.MaxThreads,
                Note = $"resident set (VmHWM) up to the finished volume; {disk.PeakAfterSaveBytes / (double)(1L << 30):0.00} GiB after saving it as HDF5 ({disk.SaveSeconds:0} s); " +
                    $"volume {(long)rows * size * size * 4 / (double)(1L << 30):0.0} GiB" +
                    (isCompressed ? $"; scan of {new FileInfo(scan).Length / (double)(1L << 30):0.00} GiB, a chunk for each frame, shuffle and deflate" : ""),
            };
            yield return new BenchRow
            {
                Name = $"Out of core, {shape}, time of a slice over in memory",
                Value = disk.Seconds / seconds,
                Unit = "ratio",
                Comparison = "<=",
                Bar = 1.15,
                Threads = RunContext.Default.MaxThreads,
                Note = $"{disk.Seconds * 1e3:0.0} ms a slice against {before.Seconds * 1e3:0.0} and {after.Seconds * 1e3:0.0} ms of {MemorySlices} slices before and after; " +
                    $"processor time {disk.CpuSeconds / cpu:0.00}; {disk.Timing}",
            };
            yield return new BenchRow
            {
                Name = $"Out of core, {shape}, slices that differ from those made in memory",
                Value = disk.Hashes.Zip(before.Hashes).Count(p => p.First != p.Second),
                Unit = "slices",
                Comparison = "<=",
                Bar = 0,
                Threads = RunContext.Default.MaxThreads,
                Note = $"of {before.Hashes.Length}, bit by bit",
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Part Child(string kind, string scan, string folder, long limit)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(OutOfCore).Assembly.Location, ChildArea, kind, scan, folder, $"{limit}" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Part>(text)!
            : throw new InvalidOperationException($"{ChildArea} {kind} ended with {process.ExitCode}.");
    }

    /// <summary>What such a process does: measures, and prints one line of JSON.</summary>
    internal static int RunPart(string kind, string path, string folder, long limit)
    {
        using var scan = TomographyScan.Open(path);
        ProjectionStack projections = scan.Normalize().MinusLog();
        var first = (scan.Frames.RowCount - MemorySlices) / 2;
        var isDisk = kind == "disk";
        using var held = isDisk ? null : Cut(projections, first, MemorySlices);
        var context = new RunContext { ScratchFolder = folder, MemoryLimitBytes = isDisk ? limit : null };
        using var scope = RunContext.Use(context);
        using var process = Process.GetCurrentProcess();
        var (watch, cpu) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        using var volume = Reconstruction.Fbp(held ?? projections, RotationAxis.Middle(scan.Frames.ColumnCount));
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var cpuSeconds = (process.TotalProcessorTime - cpu).TotalSeconds;
        var peak = PeakBytes();
        double save = 0;
        if (isDisk)
        {
            watch.Restart();
            volume.Save(Path.Combine(folder, "volume.h5"));
            save = watch.Elapsed.TotalSeconds;
        }

        var peakAfterSave = PeakBytes();
        Console.WriteLine(JsonSerializer.Serialize(new Part(
            seconds / volume.SliceCount, cpuSeconds / volume.SliceCount, peak, peakAfterSave, save, $"{volume.Timing}",
            [.. Enumerable.Range(isDisk ? first : 0, MemorySlices).Select(z => Hash(volume.Slice(z)))])));
        return 0;
    }

    private static MemoryProjectionStack Cut(ProjectionStack projections, int firstRow, int rows)
    {
        var cut = new MemoryProjectionStack(projections.AnglesDegrees, rows, projections.ColumnCount)
        {
            Quantity = projections.Quantity, PixelSize = projections.PixelSize,
        };
        for (var a = 0; a < projections.AngleCount; a++)
        {
            projections.Read(new StackRegion(a, 1, firstRow, rows), cut.Frame(a));
        }

        return cut;
    }

    private static string Hash(ReadOnlySpan<float> values) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values)));

    private static long PeakBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    private sealed record Part(
        double Seconds, double CpuSeconds, long PeakBytes, long PeakAfterSaveBytes, double SaveSeconds, string Timing, string[] Hashes);
}
