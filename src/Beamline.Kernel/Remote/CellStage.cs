using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The output of a cell, for a job that runs elsewhere and shows here.</summary>
internal sealed class CellStage(CellRun cell) : ICellStage
{
    private readonly CellOutput _output = cell.Output;

    public string Label => cell.Request.Label;

    public bool CanChange
    {
        get
        {
            var can = false;
            _output.Emit(sink => can = sink.CanChange);
            return can;
        }
    }

    public bool IsKernelEnding => cell.Kernel.IsEnding;

    public void Stream(string name, string text) => _output.Write(name, text);

    public void Display(MimeBundle bundle, string displayId) => _output.Emit(sink => sink.Display(bundle, displayId));

    public void Update(MimeBundle bundle, string displayId) => _output.Update(bundle, displayId);

    public void Result(MimeBundle bundle) => _output.Emit(sink => sink.Result(bundle));

    public void Clear(bool wait) => _output.Emit(sink => sink.Clear(wait));

    public void Warn(string text) => cell.Warn(text);

    public string? Ask(string question)
    {
        try
        {
            return cell.ReadLine(question, isPassword: false);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public Exception Failure(JobError error) => new CellFailedException(new CellError(error.Name, error.Message, error.Traceback));

    public void Prepare(string code) => cell.Kernel.Session.Prepare(code, CellContext.LabelOf(cell));
}
