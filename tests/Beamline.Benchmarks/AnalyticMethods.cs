using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>The Fourier and log-polar methods: quality on the phantom of <see cref="FbpQuality"/>, processor time, amplitude; FBP in the same run.</summary>
internal static class AnalyticMethods
{
    private const int Lanes = 32;
    private const double Disc = 0.95;
    private static readonly string[] Names = ["Fourier", "log-polar", "FBP"];

    internal static IEnumerable<BenchRow> Rows()
    {
        foreach (var row in Quality(512, 720))
        {
            yield return row;
        }

        foreach (var row in Speed(512, 720, 8).Concat(Speed(1024, 1000, 40)))
        {
            yield return row;
        }

        yield return Amplitude();
    }

    private static IEnumerable<BenchRow> Quality(int size, int angles)
    {
        var truth = Phantom.SheppLogan(size).ToImage(subPixels: 4);
        using var projections = Projections(size, angles, 1);
        foreach (var name in Names)
        {
            var errors = new[] { FbpFilter.RamLak, FbpFilter.SheppLogan, FbpFilter.Cosine, FbpFilter.Hann }.Select(filter =>
            {
                using var volume = Run(name, projections, filter);
                return (Filter: filter, Rmse: ImageQuality.Rmse(truth, volume.SliceXY(0), Disc), Ssim: ImageQuality.Ssim(truth, volume.SliceXY(0), 1, Disc));
            }).ToList();
            yield return new BenchRow
            {
                Name = $"{name} {size}/{angles}, RMSE",
                Value = errors.Single(e => e.Filter == FbpFilter.SheppLogan).Rmse,
                Unit = "of 0..1",
                Comparison = name == "Fourier" ? "<=" : "",
                Bar = name == "Fourier" ? 0.020 : null,
                Threads = RunContext.Default.MaxThreads,
                Note = $"Shepp-Logan {size}, defaults, disc {Disc}, no fitted scale; RMSE/SSIM " +
                    string.Join(", ", errors.Select(e => $"{e.Filter} {e.Rmse:0.0000}/{e.Ssim:0.000}")),
            };
        }
    }

    /// <summary>Whole calls on a stack in memory, one thread, by turns: what they allocate and prepare counts.</summary>
    private static IEnumerable<BenchRow> Speed(int size, int angles, double bar)
    {
        const int Runs = 3;
        using var projections = Projections(size, angles, Lanes);
        using var scope = RunContext.Use(new RunContext { MaxThreads = 1, Device = Device.Cpu });
        var least = Names.ToDictionary(n => n, _ => (Wall: double.PositiveInfinity, Cpu: double.PositiveInfinity));
        for (var run = 0; run < Runs; run++)
        {
            foreach (var name in Names)
            {
                var (wall, cpu) = Time(() => Run(name, projections, FbpFilter.SheppLogan).Dispose());
                least[name] = (Math.Min(least[name].Wall, wall), Math.Min(least[name].Cpu, cpu));
            }
        }

        foreach (var name in Names)
        {
            var fbp = least["FBP"].Cpu;
            yield return new BenchRow
            {
                Name = $"{name} {size}/{angles}, one core",
                Value = least[name].Cpu / Lanes * 1e3,
                Unit = "ms of processor time a slice",
                Comparison = name == "Fourier" ? "<=" : "",
                Bar = name == "Fourier" ? bar : null,
                Note = $"{Lanes} slices from memory to memory; wall {least[name].Wall / Lanes * 1e3:0.0} ms; FBP takes {fbp / least[name].Cpu:0.0} times as long",
            };
        }

        yield return Volume(size, angles, bar);
        var (peer, reason) = size > 512 ? (null, "") : Peer.Run("iradon_speed.py", $"{size}", $"{angles}", "1");
        if (size <= 512)
        {
            yield return new BenchRow
            {
                Name = $"Fourier over scikit-image iradon {size}/{angles}",
                Value = peer is null ? null : (double)peer["seconds"]! * Lanes / least["Fourier"].Wall,
                Unit = "times faster",
                Note = peer is null ? $"not measured: {reason}" : $"one thread each, wall clock; iradon linear {(double)peer["seconds"]!:0.00} s a slice (scikit-image {peer["version"]})",
            };
        }
    }

    /// <summary>A volume of several slabs: only the first of them makes the grids.</summary>
    private static BenchRow Volume(int size, int angles, double bar)
    {
        const int Slices = 4 * Lanes;
        using var projections = Projections(size, angles, Slices);
        using var scope = RunContext.Use(new RunContext { MaxThreads = 1, Device = Device.Cpu });
        var runs = Enumerable.Range(0, 2).Select(_ => Time(() => Run("Fourier", projections, FbpFilter.SheppLogan).Dispose())).ToList();
        return new BenchRow
        {
            Name = $"Fourier {size}/{angles}, one core, {Slices} slices",
            Value = runs.Min(r => r.Cpu) / Slices * 1e3,
            Unit = "ms of processor time a slice",
            Comparison = "<=",
            Bar = bar,
            Note = $"from memory to memory; wall {runs.Min(r => r.Wall) / Slices * 1e3:0.0} ms",
        };
    }

    /// <summary>How far the middle of a uniform disc is off its attenuation, for all methods and filters.</summary>
    private static BenchRow Amplitude()
    {
        const int Size = 256;
        var geometry = new ParallelGeometry(Angles(360), Size);
        using var projections = new MemoryProjectionStack(geometry.AnglesDegrees, 1, Size) { Quantity = Quantity.LineIntegral };
        var radius = 0.35 * Size;
        for (var a = 0; a < geometry.AngleCount; a++)
        {
            for (var d = 0; d < Size; d++)
            {
                projections.Frame(a)[d] = (float)Enumerable.Range(0, 8).Average(s =>
                    2 * Math.Sqrt(Math.Max(0, (radius * radius) - Math.Pow(d - geometry.Axis.Column + ((s + 0.5) / 8) - 0.5, 2))));
            }
        }

        var all = (from name in Names
                   from filter in Enum.GetValues<FbpFilter>()
                   where filter != FbpFilter.None
                   select (name, filter, Off: Math.Abs(Middle(name, filter) - 1))).ToList();
        var worst = all.MaxBy(a => a.Off);
        return new BenchRow
        {
            Name = "Middle of a uniform disc, worst of all analytic methods and filters",
            Value = 100 * worst.Off,
            Unit = "% off",
            Comparison = "<=",
            Bar = 0.5,
            Threads = RunContext.Default.MaxThreads,
            Note = $"worst: {worst.name}, {worst.filter}; " + string.Join(", ", Names.Select(n => $"{n} {100 * all.Where(a => a.name == n).Max(a => a.Off):0.000} %")),
        };

        double Middle(string name, FbpFilter filter)
        {
            using var volume = Run(name, projections, filter);
            double sum = 0;
            for (var y = -4; y < 4; y++)
            {
                for (var x = -4; x < 4; x++)
                {
                    sum += volume[0, (Size / 2) + y, (Size / 2) + x];
                }
            }

            return sum / 64;
        }
    }

    private static Volume Run(string name, ProjectionStack projections, FbpFilter filter)
    {
        var axis = RotationAxis.Middle(projections.ColumnCount);
        return name switch
        {
            "Fourier" => Reconstruction.Fourier(projections, axis, new FourierOptions { Filter = filter }),
            "log-polar" => Reconstruction.LogPolar(projections, axis, new LogPolarOptions { Filter = filter }),
            _ => Reconstruction.Fbp(projections, axis, new FbpOptions { Filter = filter }),
        };
    }

    private static (double Wall, double Cpu) Time(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        action();
        var wall = watch.Elapsed.TotalSeconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static MemoryProjectionStack Projections(int size, int angles, int rows)
    {
        var geometry = new ParallelGeometry(Angles(angles), size);
        var sinogram = Phantom.SheppLogan(size).AnalyticSinogram(geometry, subRays: rows == 1 ? 4 : 1);
        var projections = new MemoryProjectionStack(geometry.AnglesDegrees, rows, size) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles; a++)
        {
            for (var row = 0; row < rows; row++)
            {
                sinogram.Row(a).CopyTo(projections.Frame(a)[(row * size)..]);
            }
        }

        return projections;
    }

    private static double[] Angles(int count) => [.. Enumerable.Range(0, count).Select(i => 180.0 * i / count)];
}
