namespace Beamline.Notebook;

/// <summary>How a cell ended, for extensions.</summary>
public enum CellEnding
{
    /// <summary>Without an error.</summary>
    Succeeded,

    /// <summary>With an error, of the compiler or of the code.</summary>
    Failed,

    /// <summary>The user stopped it.</summary>
    Interrupted,

    /// <summary>It ran longer than it may.</summary>
    TimedOut,
}

/// <summary>A cell that is about to run.</summary>
/// <param name="Label">What errors call it, for instance "cell 3".</param>
/// <param name="Code">Its text, with magic lines.</param>
public sealed record CellBegin(string Label, string Code);

/// <summary>A cell that has run.</summary>
/// <param name="Label">What errors call it, for instance "cell 3".</param>
/// <param name="Code">Its text, with magic lines.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="Error">Kind and message of its error; null when there was none.</param>
public sealed record CellEnd(string Label, string Code, CellEnding Ending, TimeSpan Duration, string? Error);

/// <summary>
/// What an <see cref="INotebookExtension"/> may implement beside it to hear how the notebook lives. Every method is optional.
/// A callback that throws is reported once and does not break the cell.
/// </summary>
public interface INotebookLifecycle
{
    /// <summary>The extension was loaded: everything that it registered can be used.</summary>
    void Loaded()
    {
    }

    /// <summary>A cell is about to run. Called on the cell's thread: what it prints belongs to the cell.</summary>
    /// <param name="cell">The cell.</param>
    void BeforeCell(CellBegin cell)
    {
    }

    /// <summary>A cell has run, and its output is complete. Not called for a cell that had to be left behind.</summary>
    /// <param name="cell">The cell and how it ended.</param>
    void AfterCell(CellEnd cell)
    {
    }

    /// <summary>The user interrupts the running cell. Called on another thread; must be quick.</summary>
    void Interrupting()
    {
    }

    /// <summary>The kernel ends: the last chance to let go of devices and files.</summary>
    void ShuttingDown()
    {
    }
}
