using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>
/// The output of the running cell, for a job that shows there what a local cell would. The kernel gives it through
/// <see cref="INotebookContext.Service{T}"/>. Any thread may use it, also when the cell has ended.
/// </summary>
internal interface ICellStage
{
    /// <summary>What errors call the cell, for instance "cell 7".</summary>
    string Label { get; }

    /// <summary>False when a display stays as it was shown first.</summary>
    bool CanChange { get; }

    /// <summary>True when the cell is stopped because the kernel ends, and not because its user wants the work to end.</summary>
    bool IsKernelEnding { get; }

    void Stream(string name, string text);

    void Display(MimeBundle bundle, string displayId);

    void Update(MimeBundle bundle, string displayId);

    void Result(MimeBundle bundle);

    void Clear(bool wait);

    void Warn(string text);

    /// <summary>Asks the user for a line.</summary>
    /// <returns>The line; null when nobody can answer.</returns>
    string? Ask(string question);

    /// <summary>An exception to throw: the cell then ends with exactly this error.</summary>
    Exception Failure(JobError error);

    /// <summary>Compiles code that will probably run next, beside what goes on.</summary>
    void Prepare(string code);
}
