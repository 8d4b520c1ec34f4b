namespace Beamline.Tomography;

/// <summary>
/// An iterative reconstruction was cancelled after it had begun to iterate: what it had until then is kept. In a notebook's cell catch
/// <see cref="OperationCanceledException"/>, which lets a stop through, and look for this one.
/// </summary>
public sealed class ReconstructionCanceledException : OperationCanceledException
{
    internal ReconstructionCanceledException(IterativeResult partial, string message, Exception cause, CancellationToken cancellationToken)
        : base(message, cause, cancellationToken) => Partial = partial;

    /// <summary>
    /// Every slice as its best whole iterate (with most methods the last one), in the unit of a finished result. <see cref="IterativeResult.Stops"/>
    /// says which iterate that is: slices that were solved have their reason, the others <see cref="StopReason.Canceled"/>. Slices that were not
    /// begun (iteration 0, residual NaN) hold what <see cref="IterativeOptions.Start"/> gave, or 0. Dispose it to free its memory at once.
    /// </summary>
    public IterativeResult Partial { get; }
}

/// <summary>The iterations of <see cref="IterativeSolver"/> were cancelled after they had begun: what they had until then is kept.</summary>
public sealed class SolutionCanceledException : OperationCanceledException
{
    internal SolutionCanceledException(SlabSolution partial, string message, Exception cause, CancellationToken cancellationToken)
        : base(message, cause, cancellationToken) => Partial = partial;

    /// <summary>Every slice as its best whole iterate; those that had not stopped by themselves have <see cref="StopReason.Canceled"/>. Dispose it.</summary>
    public SlabSolution Partial { get; }
}
