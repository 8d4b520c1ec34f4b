namespace Beamline.Notebook;

/// <summary>A magic command was written wrongly or cannot do what it was asked. The message is for the user.</summary>
public sealed class MagicException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was wrong, and what to do.</param>
    public MagicException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What was wrong, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public MagicException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes an exception.</summary>
    public MagicException()
    {
    }
}
