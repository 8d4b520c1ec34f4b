namespace Beamline.Kernel;

/// <summary>A file is not a notebook that can be used. The message says what it is and what to do.</summary>
public sealed class NotebookFormatException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was wrong, in which file, and what to do.</param>
    public NotebookFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What was wrong, in which file, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public NotebookFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes an exception.</summary>
    public NotebookFormatException()
    {
    }
}
