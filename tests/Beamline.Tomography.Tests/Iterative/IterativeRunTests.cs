using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>How a run goes: threads, slabs, stops, divergence, cancellation, checkpoints, previews.</summary>
public sealed class IterativeRunTests : IDisposable
{
    private const int N = 48;
    private static readonly RotationAxis Middle = RotationAxis.Middle(N);
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-iterative-").FullName;

    public static TheoryData<IterativeMethod> Methods => [.. Enum.GetValues<IterativeMethod>()];

    private string Checkpoints => Path.Combine(_folder, "checkpoints");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_bits_are_the_same_for_any_number_of_threads_and_in_any_slab(IterativeMethod method)
    {
        // Twenty rows are one slab of 32; the rows from 3 on are slabs of 16.
        using var all = Noisy(20);
        using var few = new MemoryProjectionStack(all.AnglesDegrees, 7, N) { Quantity = all.Quantity };
        for (var a = 0; a < all.AngleCount; a++)
        {
            all.Frame(a).Slice(3 * N, 7 * N).CopyTo(few.Frame(a));
        }

        var options = new IterativeOptions { Method = method, Iterations = 6 };
        using var one = Run(all, options, 1);
        using var three = Run(all, options, 3);
        using var part = Run(few, options, 2);
        for (var z = 0; z < 20; z++)
        {
            Assert.True(one.Volume.Slice(z).SequenceEqual(three.Volume.Slice(z)), $"slice {z} with other threads");
        }

        for (var z = 0; z < 7; z++)
        {
            Assert.True(one.Volume.Slice(3 + z).SequenceEqual(part.Volume.Slice(z)), $"slice {3 + z} in another slab");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(IterativeMethod method)
    {
        using var projections = Noisy(40);
        var options = new IterativeOptions { Method = method, Iterations = 9, CheckpointEvery = 2 };
        using var whole = IterativeReconstruction.Run(projections, Middle, options);
        options = options with { CheckpointFolder = Checkpoints };
        // Stopped in the second of two slabs, an iteration after a checkpoint.
        var previews = 0;
        using var source = new CancellationTokenSource();
        var stop = options with
        {
            PreviewEvery = 1,
            Preview = new Listener<IterationPreview>(p =>
            {
                if (++previews == 16)
                {
                    source.Cancel();
                }
            }),
        };
        using (RunContext.Use(new RunContext { CancellationToken = source.Token }))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => IterativeReconstruction.Run(projections, Middle, stop));
        }

        Assert.Equal(
            ["run.txt", "slab-0000.finished", "slab-0001.running"],
            Directory.GetFiles(Checkpoints).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));
        var iterations = new List<int>();
        using var resumed = IterativeReconstruction.Run(projections, Middle, options with
        {
            PreviewEvery = 1, Preview = new Listener<IterationPreview>(p => iterations.Add(p.Iteration)),
        });
        Assert.Equal([5, 6, 7, 8, 9], iterations);
        AssertSame(whole, resumed);
        // And once more from finished slabs alone.
        using var again = IterativeReconstruction.Run(projections, Middle, options);
        AssertSame(whole, again);
    }

    [Fact]
    public void Checkpoints_of_another_run_or_of_other_data_are_refused()
    {
        using var projections = Noisy(3);
        var options = new IterativeOptions { Iterations = 4, CheckpointEvery = 2, CheckpointFolder = Checkpoints };
        IterativeReconstruction.Run(projections, Middle, options).Dispose();
        var other = Assert.Throws<InvalidOperationException>(() => IterativeReconstruction.Run(projections, Middle, options with { Iterations = 5 }));
        Assert.Contains("5 iterations", other.Message, StringComparison.Ordinal);
        projections.Frame(2)[70] += 1;
        var data = Assert.Throws<InvalidOperationException>(() => IterativeReconstruction.Run(projections, Middle, options));
        Assert.Contains("other projections", data.Message, StringComparison.Ordinal);
        projections.Frame(2)[70] -= 1;
    }

    [Fact]
    public void A_damaged_checkpoint_is_told_and_an_unfinished_one_is_not_taken()
    {
        using var projections = Noisy(3);
        var options = new IterativeOptions { Iterations = 4, CheckpointEvery = 2, CheckpointFolder = Checkpoints };
        using var first = IterativeReconstruction.Run(projections, Middle, options);
        var file = Path.Combine(Checkpoints, "slab-0000.finished");
        // A run that died while writing leaves the temporary name behind.
        File.Copy(file, file + ".tmp");
        using var again = IterativeReconstruction.Run(projections, Middle, options);
        AssertSame(first, again);
        using (var stream = File.Open(file, FileMode.Open))
        {
            stream.Position = 5000;
            var value = stream.ReadByte();
            stream.Position = 5000;
            stream.WriteByte((byte)(value ^ 1));
        }

        var error = Assert.Throws<InvalidDataException>(() => IterativeReconstruction.Run(projections, Middle, options));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("slab-0000.finished", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IterativeMethod.Sirt, 2.6)]
    [InlineData(IterativeMethod.OsSart, 4.0)]
    [InlineData(IterativeMethod.Sart, 3.0)]
    public void A_diverging_run_stops_says_why_and_keeps_the_last_good_iterate(IterativeMethod method, double relaxation)
    {
        using var projections = Noisy(2);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions
        {
            Method = method, Iterations = 400, Relaxation = RelaxationSchedule.Constant(relaxation),
        });
        Assert.All(result.Stops, s => Assert.Equal(StopReason.Diverged, s.Reason));
        Assert.True(result.History.Count < 200, $"{result.History.Count} iterations");
        Assert.All(result.Stops, s => Assert.InRange(s.RelativeResidual, 0, 1));
        for (var z = 0; z < 2; z++)
        {
            Assert.True(result.Volume.Slice(z).ToArray().All(v => float.IsFinite(v) && Math.Abs(v) < 1), "the kept slice is finite");
        }

        Assert.Contains(warnings, w => w.Contains($"{method} diverged in 2 of 2 slices", StringComparison.Ordinal) &&
            w.Contains($"The relaxation of {relaxation:0.##} is too large", StringComparison.Ordinal));
    }

    [Fact]
    public void One_diverging_slice_does_not_stop_the_others()
    {
        using var projections = Noisy(3);
        using var calm = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 8 });
        for (var a = 0; a < projections.AngleCount; a++)
        {
            // Squares of these leave the range of a float.
            projections.Frame(a).Slice(N, N).Fill(a % 2 == 0 ? 3e37f : -3e37f);
        }

        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 8 });
        Assert.Equal([StopReason.IterationLimit, StopReason.Diverged, StopReason.IterationLimit], result.Stops.Select(s => s.Reason));
        Assert.True(calm.Volume.Slice(0).SequenceEqual(result.Volume.Slice(0)) && calm.Volume.Slice(2).SequenceEqual(result.Volume.Slice(2)));
        Assert.True(result.Volume.Slice(1).ToArray().All(float.IsFinite));
    }

    [Fact]
    public void Stops_at_the_noise_and_at_small_changes()
    {
        using var projections = Noisy(2);
        using var noise = IterativeReconstruction.Run(projections, Middle, new IterativeOptions
        {
            Method = IterativeMethod.Cgls, Iterations = 50, NoiseLevel = 0.02,
        });
        Assert.All(noise.Stops, s => Assert.Equal(StopReason.Discrepancy, s.Reason));
        var data = 0.0;
        for (var a = 0; a < projections.AngleCount; a++)
        {
            data += projections.Frame(a)[..N].ToArray().Sum(v => (double)v * v);
        }

        var rms = Math.Sqrt(data / projections.AngleCount / N);
        Assert.InRange(noise.Stops[0].RelativeResidual * rms, 0.005, 0.02);
        Assert.InRange(noise.Stops[0].Iteration, 2, 20);
        using var change = IterativeReconstruction.Run(projections, Middle, new IterativeOptions { StopAtRelativeChange = 0.05 });
        Assert.All(change.Stops, s => Assert.Equal(StopReason.RelativeChange, s.Reason));
        Assert.InRange(change.History[^1].RelativeChange, 0, 0.05);
        Assert.True(change.History[^2].RelativeChange > 0.05 || change.Stops[0].Iteration != change.Stops[1].Iteration);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Empty_slices_stay_empty(IterativeMethod method)
    {
        using var projections = new MemoryProjectionStack(Phantoms.Angles(10), 2, 24) { Quantity = Quantity.LineIntegral };
        using var result = IterativeReconstruction.Run(projections, RotationAxis.Middle(24), new IterativeOptions { Method = method, Iterations = 3 });
        Assert.True(result.Volume.Slice(0).ToArray().All(v => Math.Abs(v) < 1e-30f));
        Assert.All(result.Stops, s => Assert.Equal(StopReason.Exact, s.Reason));
    }

    [Fact]
    public void Previews_show_the_slice_as_it_forms()
    {
        using var projections = Noisy(5);
        var seen = new List<IterationPreview>();
        using var result = IterativeReconstruction.Run(projections, Middle, new IterativeOptions
        {
            Method = IterativeMethod.Cgls, Iterations = 6, PreviewEvery = 2, PreviewSlice = 3, Preview = new Listener<IterationPreview>(seen.Add),
        });
        Assert.Equal([0, 2, 4, 6], seen.Select(p => p.Iteration));
        Assert.True(seen[^1].Slice.Values.SequenceEqual(result.Volume.Slice(3)));
        Assert.Contains("z = 3", seen[0].Slice.Title, StringComparison.Ordinal);
        Assert.True(seen[1].RelativeResidual < 1 && seen[3].RelativeResidual < seen[1].RelativeResidual);
    }

    internal static MemoryProjectionStack Noisy(int rows)
    {
        var random = new Random(11);
        var stack = Phantoms.Project(Phantoms.Three, Phantoms.Angles(24), rows, N, Middle.Column);
        foreach (ref var value in stack.Memory.Span(0, (int)stack.Memory.Length))
        {
            value += 0.02f * (random.NextSingle() - 0.5f);
        }

        return stack;
    }

    private static IterativeResult Run(ProjectionStack projections, IterativeOptions options, int threads)
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
        return IterativeReconstruction.Run(projections, Middle, options);
    }

    private static void AssertSame(IterativeResult expected, IterativeResult found)
    {
        for (var z = 0; z < expected.Volume.SliceCount; z++)
        {
            Assert.True(expected.Volume.Slice(z).SequenceEqual(found.Volume.Slice(z)), $"slice {z}");
        }

        Assert.Equal(expected.History, found.History);
        Assert.Equal(expected.Stops, found.Stops);
    }

    internal sealed class Listener<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
