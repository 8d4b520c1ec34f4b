namespace Beamline.Learning;

/// <summary>A training ended without a result. The message says why and what to do.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>Makes one with its message.</summary>
    /// <param name="message">Why, and what to do.</param>
    /// <param name="cause">What was behind it; may be null.</param>
    public TrainingFailedException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A training was cancelled after it had found weights: the best ones are kept.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    internal TrainingCanceledException(Denoiser best, string message, CancellationToken cancellationToken)
        : base(message, cancellationToken) => Best = best;

    /// <summary>The best denoiser up to then.</summary>
    public Denoiser Best { get; }
}
