using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Why the iterations of a slice ended.</summary>
public enum StopReason
{
    /// <summary>The number of iterations was reached.</summary>
    IterationLimit,

    /// <summary>The slice hardly changed any more (<see cref="IterativeOptions.StopAtRelativeChange"/>).</summary>
    RelativeChange,

    /// <summary>The residual came down to the noise (<see cref="IterativeOptions.NoiseLevel"/>).</summary>
    Discrepancy,

    /// <summary>The slice explains its data exactly, for instance because both are zero.</summary>
    Exact,

    /// <summary>The iterates ran away; the slice is the last good one.</summary>
    Diverged,

    /// <summary>The run was cancelled before the slice had reached its end (<see cref="ReconstructionCanceledException.Partial"/>).</summary>
    Canceled,
}

/// <summary>One iteration, over all slices. A slice that has stopped counts with its last values.</summary>
/// <param name="Iteration">Number of updates done: 0 is the start.</param>
/// <param name="RelativeResidual">|A x - b| / |b|. For methods by subsets, as it was met subset by subset during the sweep.</param>
/// <param name="Objective">What the method makes small, in its own units (line integrals squared for least squares).</param>
/// <param name="RelativeChange">|x - x before| / |x|; NaN for the start.</param>
public readonly record struct IterationRecord(int Iteration, double RelativeResidual, double Objective, double RelativeChange);

/// <summary>How the iterations of one slice ended.</summary>
/// <param name="Slice">Its number.</param>
/// <param name="Reason">Why.</param>
/// <param name="Iteration">The iterate that was kept.</param>
/// <param name="RelativeResidual">|A x - b| / |b| of that iterate.</param>
public readonly record struct SliceStop(int Slice, StopReason Reason, int Iteration, double RelativeResidual);

/// <summary>A slice on its way: what a notebook shows while the iterations run.</summary>
/// <param name="Iteration">Number of updates done.</param>
/// <param name="RelativeResidual">|A x - b| / |b| of this slice.</param>
/// <param name="Slice">A copy of the slice, in the units of the result.</param>
public sealed record IterationPreview(int Iteration, double RelativeResidual, Image Slice);

/// <summary>What an iterative reconstruction made, and how it got there.</summary>
[TypeFormatterSource("Beamline.Extension.Formatting.ScienceFormatterSource, Beamline.Extension")]
public sealed class IterativeResult : IDisposable
{
    internal IterativeResult(Volume volume, IterativeMethod method, IReadOnlyList<IterationRecord> history, IReadOnlyList<SliceStop> stops) =>
        (Volume, Method, History, Stops) = (volume, method, history as ConvergenceHistory ?? new(history), stops);

    /// <summary>The volume [row, y, x].</summary>
    public Volume Volume { get; }

    /// <summary>The method.</summary>
    public IterativeMethod Method { get; }

    /// <summary>One entry for each iteration, the start first.</summary>
    public ConvergenceHistory History { get; }

    /// <summary>How each slice ended.</summary>
    public IReadOnlyList<SliceStop> Stops { get; }

    /// <summary>Gives the memory of the volume back.</summary>
    public void Dispose() => Volume.Dispose();

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method}: {Volume}, {History[^1].Iteration} iterations, residual {100 * History[^1].RelativeResidual:0.##} %, stopped by " +
        string.Join(", ", Stops.GroupBy(s => s.Reason).Select(g => g.Count() == Stops.Count ? $"{g.Key}" : $"{g.Key} ({g.Count()} slices)"));
}

/// <summary>What <see cref="IterativeSolver"/> made of one slab.</summary>
public sealed class SlabSolution : IDisposable
{
    internal SlabSolution(InterleavedSlab slices, IReadOnlyList<IterationRecord> history, IReadOnlyList<SliceStop> stops) =>
        (Slices, History, Stops) = (slices, history, stops);

    /// <summary>The slices, of the shape of the operator's domain.</summary>
    public InterleavedSlab Slices { get; }

    /// <summary>One entry for each iteration, the start first.</summary>
    public IReadOnlyList<IterationRecord> History { get; }

    /// <summary>How each lane ended.</summary>
    public IReadOnlyList<SliceStop> Stops { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => Slices.Dispose();
}
