using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>#!error: what the short report of an error leaves out.</summary>
internal sealed class ErrorCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new(
        "error", "Shows the last error with its full stack, also the frames of libraries.", []);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var kernel = ((CellContext)context).Cell.Kernel;
        context.WriteLine(kernel.LastError switch
        {
            null => "No cell has failed yet.",
            InsufficientExecutionStackException deep => $"{deep.GetType()}: {deep.Message}\nIts stack is too long to show.",
            var error => error.ToString(),
        });
        return Task.CompletedTask;
    }
}
