using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Runs one magic line of a cell.</summary>
internal static class MagicRunner
{
    /// <param name="cell">The cell.</param>
    /// <param name="segment">The line.</param>
    /// <param name="text">The whole text that the line is a part of.</param>
    public static async Task RunAsync(CellRun cell, CellSegment segment, string text)
    {
        var name = MagicParser.NameOf(segment.Text);
        if (CellLanguages.MissingName(name) is { } language)
        {
            throw new MagicException($"Line {segment.Line}, #!{name}: {CellLanguages.Advice(language)}");
        }

        if (name.Equals("connect", StringComparison.OrdinalIgnoreCase) && cell.Kernel.Commands.All(c => c.Descriptor.Name != name))
        {
            // Known to users of .NET Interactive, and near to no command that is here.
            throw new MagicException($"Line {segment.Line}, #!{name}: other kernels and databases are not reached from here. Call them from C# through a " +
                "package, or run the notebook of the other language by itself: beamline run NOTEBOOK --kernel NAME.");
        }

        var command = MagicParser.Find(segment.Text, cell.Kernel.Commands);
        var references = new MagicReferences(cell);
        var arguments = MagicParser.Parse(segment.Text, command.Descriptor, references.Resolve);
        if (arguments.WantsHelp)
        {
            cell.Output.Write("stdout", MagicParser.Help(command.Descriptor));
            return;
        }

        try
        {
            await command.InvokeAsync(arguments, new CellContext(cell) { Body = segment.Body, Text = text, Line = segment.Line });
        }
        catch (Exception exception) when (exception is not (MagicException or CellFailedException
            or OperationCanceledException or ThreadInterruptedException))
        {
            throw new CellFailedException(Fault(command, segment, exception), exception);
        }
    }

    // The command did not foresee this: the user is told whose fault it is, and where the stack is.
    private static CellError Fault(IMagicCommand command, CellSegment segment, Exception exception)
    {
        var cause = RuntimeErrorReport.Unwrap(exception);
        var message = $"Line {segment.Line}, #!{command.Descriptor.Name} failed: {cause.GetType().Name}: {cause.Message}";
        return new CellError("MagicError", message,
        [
            $"{Ansi.Red}MagicError{Ansi.Reset}: {message}",
            $"It is a fault of the command ({command.GetType().Assembly.GetName().Name}), or of what it was given. " +
            "LastError holds the exception with its full stack.",
        ]);
    }
}
