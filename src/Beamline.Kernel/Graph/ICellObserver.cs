namespace Beamline.Kernel;

/// <summary>Hears of the cells that run. What it does must not fail and must not take long.</summary>
internal interface ICellObserver
{
    /// <summary>A cell is about to run; called on the thread that runs it.</summary>
    void Starting(CellRun cell);

    /// <summary>A cell has ended; the answer to the front end follows.</summary>
    void Finished(CellRun cell, CellOutcome outcome);
}
