using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Counts the memory of the whole process, so nothing runs beside it.</summary>
[Collection("Alone")]
public sealed class AnalyticMemoryTests
{
    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void Cancelling_stops_and_leaves_no_memory_behind(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 40, 64, 31.5);
        var before = ArrayMemory.LiveNativeBytes;
        using var source = new CancellationTokenSource();
        var last = 0.0;
        var progress = new Immediate(p =>
        {
            last = p.Fraction;
            if (p.Fraction > 0.2)
            {
                source.Cancel();
            }
        });
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = progress });
        Assert.ThrowsAny<OperationCanceledException>(() => Methods.Run(method, projections, 31.5));
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
        Assert.InRange(last, 0.2, 0.6);
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void A_run_keeps_to_its_plan(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90), 40, 128, 63.5);
        var before = ArrayMemory.LiveNativeBytes;
        var peak = 0L;
        var progress = new Immediate(_ => peak = Math.Max(peak, ArrayMemory.LiveNativeBytes - before));
        using var scope = RunContext.Use(new RunContext { Progress = progress, MaxThreads = 2 });
        using var volume = Methods.Run(method, projections, 63.5);
        var plan = method == "fourier" ? Reconstruction.PlanFourier(projections) : Reconstruction.PlanLogPolar(projections);
        Assert.Equal(40L * 128 * 128 * 4, plan.ResultBytes);
        Assert.Equal(32, plan.Lanes);
        // The plan promises enough, and not three times too much.
        Assert.InRange(peak, (plan.WorkingBytes + plan.ResultBytes) / 3, plan.WorkingBytes + plan.ResultBytes);
    }

    [Theory]
    [InlineData("fourier"), InlineData("log-polar")]
    public void A_limit_that_is_too_small_says_what_is_needed(string method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(30), 4, 64, 31.5);
        using var scope = RunContext.Use(new RunContext { MemoryLimitBytes = 1 << 20 });
        var error = Assert.Throws<InsufficientMemoryException>(() => Methods.Run(method, projections, 31.5));
        Assert.Contains("needs at least", error.Message, StringComparison.Ordinal);
        Assert.Contains("take FBP", error.Message, StringComparison.Ordinal);
    }

    private sealed class Immediate(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }
}
