using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!restart</c>: forgets variables, types and usings of the cells; the process and what it has loaded stay.</summary>
internal sealed class RestartCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new(
        "restart", "Forgets all variables, types and usings of the notebook. The process goes on: loaded assemblies and devices stay.", []);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var count = context.Variables.Count;
        Forget(cell.Kernel);
        context.WriteLine($"The C# session is new: {count} variables forgotten. #!restart-run also runs the cells again.");
        return Task.CompletedTask;
    }

    /// <summary>Makes the session new.</summary>
    public static void Forget(NotebookKernel kernel)
    {
        kernel.Session.Reset();
        kernel.Extensions.OpenAgain();
    }
}
