using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>What is refused before a run, and in which words.</summary>
public sealed class IterativeRefusalTests
{
    public static TheoryData<string, IterativeOptions> Wrong => new()
    {
        { "cannot keep values within bounds", new IterativeOptions { Method = IterativeMethod.Cgls, NonNegative = true } },
        { "cannot keep values within bounds", new IterativeOptions { Method = IterativeMethod.Lsqr, Maximum = 2 } },
        { "leave no value", new IterativeOptions { NonNegative = true, Maximum = -1 } },
        { "leave no value", new IterativeOptions { Minimum = 2, Maximum = 2 } },
        { "has no penalty", new IterativeOptions { Method = IterativeMethod.Sirt, Regularization = 0.1 } },
        { "has no subsets", new IterativeOptions { Method = IterativeMethod.Sart, Subsets = 3 } },
        { "mask is 3 x 4", new IterativeOptions { Mask = new Image(3, 4) } },
        { "mask is 0 everywhere", new IterativeOptions { Mask = new Image(16, 16) } },
        { "no slice 2 to preview", new IterativeOptions { PreviewSlice = 2 } },
        { "The operator maps 8 x 8", new IterativeOptions { Operator = _ => new ParallelProjector(new ParallelGeometry([0, 90], 8)) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_that_make_no_sense(string words, IterativeOptions options)
    {
        using var projections = new MemoryProjectionStack([0, 45, 90], 2, 16) { Quantity = Quantity.LineIntegral };
        var error = Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(projections, RotationAxis.Middle(16), options));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { Iterations = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { Subsets = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { CheckpointEvery = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { PreviewEvery = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { Regularization = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IterativeOptions { NoiseLevel = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => RelaxationSchedule.Constant(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RelaxationSchedule.Geometric(1, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RelaxationSchedule.Harmonic(1, -0.1));
        Assert.Equal(0.5, RelaxationSchedule.Harmonic(1, 0.5).At(2), 12);
        Assert.Equal(0.25, RelaxationSchedule.Geometric(1, 0.5).At(2), 12);
    }

    [Fact]
    public void Shapes_that_do_not_fit_and_too_little_memory()
    {
        using var projections = new MemoryProjectionStack([0, 45, 90], 2, 16) { Quantity = Quantity.LineIntegral };
        using var start = new Volume(2, 15, 16);
        Assert.Contains("The start is 2 x 15 x 16", Refused(new IterativeOptions { Start = start }), StringComparison.Ordinal);
        using var weights = new MemoryProjectionStack([0, 45], 2, 16);
        Assert.Contains("weights", Refused(new IterativeOptions { Method = IterativeMethod.Pwls, Weights = weights }), StringComparison.Ordinal);
        using var scope = RunContext.Use(new RunContext { MemoryLimitBytes = 1 });
        var error = Assert.Throws<InsufficientMemoryException>(() => IterativeReconstruction.Plan(projections));
        Assert.Contains("Sirt needs at least", error.Message, StringComparison.Ordinal);

        string Refused(IterativeOptions options) =>
            Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(projections, RotationAxis.Middle(16), options)).Message;
    }

    [Fact]
    public void One_projection_is_refused_and_intensities_are_warned_about()
    {
        using var single = new MemoryProjectionStack([0], 1, 16) { Quantity = Quantity.LineIntegral };
        Assert.Contains(
            "only one projection",
            Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(single, RotationAxis.Middle(16))).Message,
            StringComparison.Ordinal);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var counts = new MemoryProjectionStack([0, 90], 1, 16) { Quantity = Quantity.Counts };
        counts.Frame(0)[3] = float.NaN;
        IterativeReconstruction.Run(counts, RotationAxis.Middle(16), new IterativeOptions { Iterations = 1 }).Dispose();
        Assert.Contains(warnings, w => w.Contains("MinusLog", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("1 values", StringComparison.Ordinal));
    }
}
