using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Where the output of a cell goes: messages to a front end, or a notebook in memory.</summary>
/// <remarks>Calls come one at a time and in order.</remarks>
internal interface ICellSink
{
    /// <summary>False when a display stays as it was shown first.</summary>
    bool CanChange => true;

    /// <summary>Text for stdout or stderr.</summary>
    void Stream(string name, string text);

    /// <summary>A displayed value.</summary>
    void Display(MimeBundle bundle, string displayId);

    /// <summary>A new content for what was displayed under an id.</summary>
    void UpdateDisplay(MimeBundle bundle, string displayId);

    /// <summary>The value of the cell.</summary>
    void Result(MimeBundle bundle);

    /// <summary>Why the cell failed.</summary>
    void Error(CellError error);

    /// <summary>Removes what the cell showed so far.</summary>
    /// <param name="wait">True to remove it only when something new comes.</param>
    void Clear(bool wait);

    /// <summary>How far a computation of the cell is; at most 5 times a second. A display of the cell may show it, too.</summary>
    void Progress(ProgressReport report, TimeSpan elapsed, bool isLast);

    /// <summary>Asks the user for a line.</summary>
    /// <exception cref="InvalidOperationException">Nobody is there to answer.</exception>
    string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken);
}
