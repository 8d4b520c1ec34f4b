using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>What a run takes and gives back.</summary>
[Collection("Alone")]
public sealed class IterativeMemoryTests
{
    [Theory]
    [InlineData(IterativeMethod.Sirt)]
    [InlineData(IterativeMethod.OsSart)]
    [InlineData(IterativeMethod.TvFista)]
    public void Cancelling_leaves_only_what_it_hands_over(IterativeMethod method)
    {
        using var projections = IterativeRunTests.Noisy(2);
        var before = ArrayMemory.LiveNativeBytes;
        using var source = new CancellationTokenSource();
        var progress = new IterativeRunTests.Listener<ProgressReport>(p =>
        {
            if (p.Fraction > 0.3)
            {
                source.Cancel();
            }
        });
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = progress });
        var error = Assert.Throws<ReconstructionCanceledException>(() => IterativeReconstruction.Run(projections, RotationAxis.Middle(48), new IterativeOptions { Method = method, Iterations = 20 }));
        Assert.Equal(before + (2 * 48 * 48 * sizeof(float)), ArrayMemory.LiveNativeBytes);
        error.Partial.Dispose();
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
    }

    [Theory]
    [MemberData(nameof(IterativeRunTests.Methods), MemberType = typeof(IterativeRunTests))]
    public void The_plan_counts_the_memory_that_a_run_takes(IterativeMethod method)
    {
        // Large enough for the slabs to outweigh tables.
        using var projections = new MemoryProjectionStack(Phantoms.Angles(40), 16, 128) { Quantity = Quantity.LineIntegral };
        projections.Memory.Span(0, (int)projections.Memory.Length).Fill(0.5f);
        var options = new IterativeOptions { Method = method, Iterations = 2, Subsets = method == IterativeMethod.OsSart ? 4 : null };
        var plan = IterativeReconstruction.Plan(projections, options);
        var before = ArrayMemory.LiveNativeBytes;
        long most = 0;
        var progress = new IterativeRunTests.Listener<ProgressReport>(_ => most = Math.Max(most, ArrayMemory.LiveNativeBytes - before));
        using var scope = RunContext.Use(new RunContext { Progress = progress });
        IterativeReconstruction.Run(projections, RotationAxis.Middle(128), options).Dispose();
        Assert.InRange(most, 0.6 * (plan.WorkingBytes + plan.ResultBytes), 1.05 * (plan.WorkingBytes + plan.ResultBytes));
    }
}
