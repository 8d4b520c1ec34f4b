namespace Beamline.Compute;

/// <summary>Ranks cannot exchange data: no library, calls that do not fit together, or a rank that is gone.</summary>
public sealed class RankException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public RankException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception without a message.</summary>
    public RankException()
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public RankException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
