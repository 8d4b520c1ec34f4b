namespace Beamline.Data;

/// <summary>
/// A file cannot be read as asked: it is missing, damaged, of another kind, or holds something else than expected.
/// The message starts with the file's name and says what to do next.
/// </summary>
public class DataFormatException : IOException
{
    /// <summary>Makes an exception without a file.</summary>
    public DataFormatException()
    {
    }

    /// <summary>Makes an exception without a file.</summary>
    /// <param name="message">What was wrong and what to do.</param>
    public DataFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception without a file.</summary>
    /// <param name="message">What was wrong and what to do.</param>
    /// <param name="innerException">What the reader below said.</param>
    public DataFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception about one file.</summary>
    /// <param name="filePath">The file; its name starts the message.</param>
    /// <param name="message">What was wrong and what to do.</param>
    /// <param name="datasetPath">The dataset inside the file, for instance "/exchange/data"; null when none is concerned.</param>
    /// <param name="innerException">What the reader below said.</param>
    public DataFormatException(
        string filePath, string message, string? datasetPath = null, Exception? innerException = null)
        : base($"{NameOf(filePath)}: {message}", innerException)
    {
        FilePath = filePath;
        DatasetPath = datasetPath;
    }

    /// <summary>The file; empty when none is concerned.</summary>
    public string FilePath { get; } = "";

    /// <summary>The dataset inside the file; null when none is concerned.</summary>
    public string? DatasetPath { get; }

    private static string NameOf(string filePath)
    {
        ArgumentNullException.ThrowIfNull(filePath);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(filePath));
        return name.Length > 0 ? name : filePath;
    }
}
