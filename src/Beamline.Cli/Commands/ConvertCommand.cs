using System.CommandLine;
using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline convert book.dib book.ipynb</c>.</summary>
internal static class ConvertCommand
{
    private const int UsageError = 2;

    internal static Command Create()
    {
        var from = new Argument<string>("in") { Description = "The file to read: .ipynb, .dib, .cs or .csx." };
        var to = new Argument<string>("out") { Description = "The file to write: .ipynb, .dib or .cs (for 'dotnet run')." };
        var command = new Command("convert", "Turn a notebook into another kind of file, or a C# program into a notebook.") { from, to };
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(to);
            try
            {
                foreach (var warning in NotebookConverter.Convert(parsed.GetRequiredValue(from), target, [new BeamlineExtension()]))
                {
                    Console.Error.WriteLine($"warning: {warning}");
                }

                Console.Error.WriteLine($"wrote {target}");
                return 0;
            }
            catch (Exception e) when (e is NotebookFormatException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"beamline convert: {e.Message}");
                return UsageError;
            }
        });
        return command;
    }
}
