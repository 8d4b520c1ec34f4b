using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Tests.Preprocessing;

public sealed class PipelineTests
{
    private static readonly PreprocessingStep[] Steps =
    [
        new RepairOptions(), new ZingerOptions(), new BackgroundOptions { AirColumns = 3 },
        new PaganinOptions { EnergyKeV = 20, Distance = Length.FromMillimeters(50), DeltaOverBeta = 300, PixelSize = Length.FromMicrometers(2) },
        new MinusLogOptions(), new StripeOptions { Size = 3, LargeSize = 7 }, new BeamHardeningOptions(1, 0.1), new TiltOptions { AngleDegrees = 1 },
        new DistortionOptions(15, 8, 1e-4),
    ];

    [Fact]
    public void A_pipeline_reads_as_its_steps_and_leaves_them_in_the_provenance()
    {
        var pipeline = new PreprocessingPipeline(Steps);
        using var stack = Frames();
        var result = stack.Apply(pipeline);
        Assert.Equal(Steps.Select(s => s.Name), result.Provenance.Steps.Select(s => s.Operation));
        Assert.Contains("remove-stripes(method: All", pipeline.ToString(), StringComparison.Ordinal);
        Assert.Contains("paganin(energyKeV: 20, distance: 50 mm, deltaOverBeta: 300", result.Provenance.ToString(), StringComparison.Ordinal);
        Assert.Equal(pipeline, new PreprocessingPipeline([.. Steps]));
        Assert.NotEqual(pipeline, new PreprocessingPipeline(Steps[1..]));
        Assert.Equal(Steps.Length, new PreprocessingPipeline(Steps[..^1]).Then(Steps[^1]).Steps.Count);
        Assert.Equal(Quantity.LineIntegral, result.Quantity);
    }

    [Fact]
    public void The_same_bits_for_any_number_of_threads_and_any_way_of_reading()
    {
        using var stack = Frames();
        var first = All(1, byRows: false);
        Assert.DoesNotContain(first, v => !float.IsFinite(v));
        Assert.Equal(first, All(3, byRows: true));
        Assert.Equal(first, All(2, byRows: false));

        float[] All(int threads, bool byRows)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
            using var result = stack.Apply(new PreprocessingPipeline(Steps));
            var values = new float[result.AngleCount * result.RowCount * result.ColumnCount];
            for (var row = 0; row < result.RowCount && byRows; row++)
            {
                var sinogram = result.Sinogram(row);
                for (var a = 0; a < result.AngleCount; a++)
                {
                    sinogram.Row(a).CopyTo(values.AsSpan(((a * result.RowCount) + row) * result.ColumnCount));
                }
            }

            for (var a = 0; a < result.AngleCount && !byRows; a++)
            {
                result.Projection(a).Values.CopyTo(values.AsSpan(a * result.RowCount * result.ColumnCount));
            }

            return values;
        }
    }

    [Fact]
    public void Blocks_are_computed_once_and_only_when_needed()
    {
        using var stack = Frames();
        var calls = 0;
        using var counted = new SinogramStack(stack, new RepairOptions(), _ => Interlocked.Increment(ref calls));
        Assert.Equal(0, calls);
        using var small = RunContext.Use(new RunContext());
        counted.Sinogram(3);
        var after = calls;
        counted.Projection(0);
        counted.Projection(5);
        Assert.Equal(stack.RowCount, calls);
        Assert.InRange(after, 1, stack.RowCount);
        Assert.False(counted.IsLazy);
    }

    [Fact]
    public void What_does_not_fit_in_memory_goes_to_a_scratch_file_that_leaves_nothing_behind()
    {
        var scratch = Directory.CreateTempSubdirectory("beamline-scratch").FullName;
        try
        {
            using var stack = Frames();
            using var plain = stack.RepairValues().RemoveZingers();
            var expected = plain.Projection(3).Values.ToArray();
            using (RunContext.Use(new RunContext { ScratchFolder = scratch, MemoryLimitBytes = 1 }))
            {
                var mapped = ArrayMemory.LiveMappedBytes;
                using var onDisk = stack.RepairValues().RemoveZingers();
                Assert.Equal(expected, onDisk.Projection(3).Values.ToArray());
                Assert.True(ArrayMemory.LiveMappedBytes > mapped);
            }

            Assert.Empty(Directory.GetFiles(scratch));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    [Fact]
    public void A_cancelled_step_stops_and_can_go_on_later()
    {
        using var stack = Frames();
        using var step = stack.RemoveStripes(new StripeOptions { Size = 3, LargeSize = 7 });
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using (RunContext.Use(new RunContext { CancellationToken = cancelled.Token }))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => step.Sinogram(0));
        }

        Assert.Equal(stack.RemoveStripes(new StripeOptions { Size = 3, LargeSize = 7 }).Sinogram(0).Values.ToArray(), step.Sinogram(0).Values.ToArray());
    }

    [Fact]
    public void Progress_names_the_step()
    {
        var seen = new List<string>();
        using var scope = RunContext.Use(new RunContext { Progress = new Heard(seen) });
        using var stack = Frames();
        stack.RepairValues().RemoveZingers().Projection(0);
        Assert.Contains("remove-zingers", seen);
    }

    private static MemoryProjectionStack Frames()
    {
        var random = new Random(3);
        var stack = new MemoryProjectionStack(Phantoms.Angles(24), 17, 31) { Quantity = Quantity.Transmission };
        for (long i = 0; i < stack.Memory.Length; i++)
        {
            stack.Memory.Span(i, 1)[0] = 0.3f + (0.6f * random.NextSingle());
        }

        stack.Frame(7)[40] = float.NaN;
        stack.Frame(9)[41] = float.PositiveInfinity;
        stack.Frame(11).Fill(float.NaN);
        return stack;
    }

    private sealed class Heard(List<string> seen) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => seen.Add(value.Activity);
    }
}
