namespace Beamline.Notebook;

/// <summary>An output that appears with its first content. Any thread may use it.</summary>
public interface ILiveOutput : IDisplayHandle
{
    /// <summary>False where what was shown stays as it is, as in a terminal: there only the last content is worth showing.</summary>
    bool CanChange { get; }

    /// <summary>What the output belongs to: one object for each run of a cell.</summary>
    object Cell { get; }

    /// <summary>Whether the cell was stopped from outside, and with it what it started.</summary>
    bool IsStopped { get; }

    /// <summary>Whether the cell has shown a value, as its result or before.</summary>
    /// <param name="isIt">Whether it is this one.</param>
    bool HasShown(Predicate<object> isIt);

    /// <summary>Does something when the cell's code is through and its result shown, also when it failed; at once when it is already.</summary>
    /// <param name="action">What to do.</param>
    void AtCellEnd(Action action);
}
