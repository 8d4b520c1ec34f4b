namespace Beamline.Learning;

/// <summary>libtorch cannot be had or does not load. The message says what is missing and the command that brings it.</summary>
public sealed class TorchNotAvailableException : Exception
{
    /// <summary>Makes one with its message.</summary>
    /// <param name="message">What is missing and what to do.</param>
    /// <param name="cause">What the system said; may be null.</param>
    public TorchNotAvailableException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
