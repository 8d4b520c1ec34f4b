using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>Counts the memory of the whole process, so nothing runs beside it.</summary>
[Collection("Alone")]
public sealed class FbpMemoryTests
{
    [Fact]
    public void Cancelling_stops_and_leaves_no_memory_behind()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(40), 40, 64, 31.5);
        var before = ArrayMemory.LiveNativeBytes;
        using var source = new CancellationTokenSource();
        var progress = new Immediate(p =>
        {
            if (p.Fraction > 0.2)
            {
                source.Cancel();
            }
        });
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = progress });
        Assert.ThrowsAny<OperationCanceledException>(() => Reconstruction.Fbp(projections, new RotationAxis(31.5)));
        Assert.Equal(before, ArrayMemory.LiveNativeBytes);
    }

    private sealed class Immediate(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }
}
