namespace Beamline.Notebook;

/// <summary>A variable of the session.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Value">Its value now.</param>
public sealed record NotebookVariable(string Name, Type Type, object? Value);

/// <summary>What a magic command can do with the notebook it runs in.</summary>
public interface INotebookContext
{
    /// <summary>Stops when the cell is interrupted.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>Folder of the notebook, for relative paths.</summary>
    string WorkingFolder { get; }

    /// <summary>Names of all magic commands, for suggestions and lists.</summary>
    IReadOnlyList<MagicDescriptor> Commands { get; }

    /// <summary>All variables of the session, newest declaration of each name.</summary>
    IReadOnlyList<NotebookVariable> Variables { get; }

    /// <summary>Looks a variable up.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The variable, or null when there is none of that name.</returns>
    NotebookVariable? FindVariable(string name);

    /// <summary>Runs C# in the session, as a cell of its own: variables that it declares stay.</summary>
    /// <param name="code">C# statements.</param>
    /// <returns>The value of the last expression, or null.</returns>
    Task<object?> RunCodeAsync(string code);

    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; a <see cref="MimeBundle"/> is shown as it is.</param>
    IDisplayHandle Display(object? value);

    /// <summary>Says that a value is not to be shown by anything else of this cell: its user does not want to see it.</summary>
    /// <param name="value">The value.</param>
    void KeepQuiet(object value)
    {
    }

    /// <summary>Takes the lines below the command, which then do not run here.</summary>
    /// <returns>The lines, and how many lines of the cell are before them; null when the host cannot give them.</returns>
    (string Code, int LinesBefore)? TakeRest() => null;

    /// <summary>Something that the host can do, by its type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The object; null when the host has none.</returns>
    T? Service<T>()
        where T : class => null;

    /// <summary>Writes a line of text to the cell's output.</summary>
    /// <param name="line">The line, without its end.</param>
    void WriteLine(string line);
}
