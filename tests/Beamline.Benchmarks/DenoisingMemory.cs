using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Beamline.Arrays;
using Beamline.Data;
using Beamline.Learning;

namespace Beamline.Benchmarks;

/// <summary>
/// What training and applying hold in memory, in processes of their own: growth over 1,000 steps, and the peak for stacks of 2048 x 2048 on the
/// disk, a short and a long one, since the stack of the bar (1,500 projections, 25 GB) would take an hour.
/// </summary>
internal static class DenoisingMemory
{
    /// <summary>First argument of the processes that this area starts.</summary>
    internal const string ChildArea = "denoise-part";

    private const int Edge = 2048, Short = 4, Long = 24, Steps = 1000, Settled = 100;

    internal static IEnumerable<BenchRow> Rows()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"denoise-{Environment.ProcessId}")).FullName;
        try
        {
            var few = Child("stack", folder, Short);
            var many = Child("stack", folder, Long);
            yield return new BenchRow
            {
                Name = $"Stack of {Edge} x {Edge} from disk to disk, peak of the process",
                Value = many.PeakBytes / 1e9,
                Unit = "GB",
                Comparison = "<=",
                Bar = 3,
                Threads = Environment.ProcessorCount,
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"VmHWM with {Long} projections ({many.Seconds / Long:0.00} s each, all in all); with {Short} {few.PeakBytes / 1e9:0.000} GB: the number of projections plays no part, so that 1,500 take the same"),
            };
            yield return new BenchRow
            {
                Name = $"Peak of {Long} projections over that of {Short}",
                Value = (many.PeakBytes - few.PeakBytes) / 1e6,
                Unit = "MB",
                Comparison = "<=",
                Bar = 50,
                Threads = Environment.ProcessorCount,
                Note = $"one projection has {Edge * Edge * 4 / 1e6:0.0} MB: {(Long - Short) * Edge * Edge * 4 / 1e6:0} MB if they were kept",
            };
            var train = Child("train", folder, Steps);
            yield return new BenchRow
            {
                Name = $"Training, growth of the resident set from step {Settled} to {Steps}",
                Value = (train.PeakBytes - train.BeforeBytes) / 1e6,
                Unit = "MB",
                Comparison = "<=",
                Bar = 50,
                Threads = Environment.ProcessorCount,
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"default network, batch and patch, in this process; largest of a look every {Settled} steps; {train.BeforeBytes / 1e6:0} MB at step {Settled}, {train.CpuSeconds:0} s CPU"),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What such a process does: measures, and prints one line of JSON.</summary>
    internal static int RunPart(string kind, string folder, int count)
    {
        var watch = Stopwatch.StartNew();
        var part = kind == "train" ? Train(count) : Stack(folder, count);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(part with { Seconds = watch.Elapsed.TotalSeconds, CpuSeconds = process.TotalProcessorTime.TotalSeconds }));
        return 0;
    }

    private static Part Child(string kind, string folder, int count)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(DenoisingMemory).Assembly.Location, ChildArea, kind, folder, $"{count}" })
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

    private static Part Stack(string folder, int count)
    {
        var (input, output) = (Path.Combine(folder, $"in{count}.h5"), Path.Combine(folder, $"out{count}.h5"));
        TorchRuntime.Load();
        using (var writer = ProjectionWriter.Create(input, [.. Enumerable.Range(0, count).Select(i => 180.0 * i / count)], Edge, Edge, Quantity.LineIntegral))
        {
            var random = new Random(1);
            var frame = new float[Edge * Edge];
            for (var i = 0; i < count; i++)
            {
                foreach (ref var value in frame.AsSpan())
                {
                    value = random.NextSingle();
                }

                writer.Write(i, frame);
            }

            writer.Complete();
        }

        using var network = NetworkFactory.Create(DenoiserNetwork.UNetMedium, 1);
        var denoiser = new Denoiser(DenoiserNetwork.UNetMedium, 1, Weights.Take(network), null, new Dictionary<string, string>());
        using var stack = ProjectionStack.Open(input);
        using var made = denoiser.ApplyTo(stack, output);
        using var process = Process.GetCurrentProcess();
        return new Part(process.PeakWorkingSet64, 0, 0, 0);
    }

    private static Part Train(int steps)
    {
        var scene = new HybridDoseScene();
        using var run = Denoiser.StartHybridDose(scene.Low, scene.Normal, scene.NormalViews, new TrainingOptions { Steps = steps, ScoreEvery = Settled, InThisProcess = true });
        var (before, peak) = (0L, 0L);
        run.Scored += score =>
        {
            using var process = Process.GetCurrentProcess();
            before = score.Step == Settled ? process.WorkingSet64 : before;
            peak = score.Step >= Settled ? Math.Max(peak, process.WorkingSet64) : peak;
        };
        run.Wait();
        return new Part(peak, before, 0, 0);
    }

    private sealed record Part(long PeakBytes, long BeforeBytes, double Seconds, double CpuSeconds);
}
