using Beamline.Extension;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline run notebook.ipynb --help-notebook</c>.</summary>
internal static class ParameterHelp
{
    internal static int Write(IEnumerable<string> notebooks)
    {
        var code = 0;
        foreach (var path in NotebookPatterns.Expand(notebooks))
        {
            try
            {
                Write(path, HeadlessRunner.Parameters(path, [new BeamlineExtension()]));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotebookFormatException)
            {
                Console.Error.WriteLine(e is FileNotFoundException or DirectoryNotFoundException
                    ? $"beamline run: There is no notebook {path}." : $"beamline run: {e.Message}");
                code = RunCommand.UsageError;
            }
        }

        return code;
    }

    private static void Write(string path, IReadOnlyList<NotebookParameter> parameters)
    {
        var name = Path.GetFileName(path);
        if (parameters.Count == 0)
        {
            Console.WriteLine($"{name} takes no parameters: it has no code cell tagged 'parameters' that declares variables.");
            return;
        }

        Console.WriteLine($"Parameters of {name}, given as -p NAME=VALUE:");
        foreach (var parameter in parameters)
        {
            Console.WriteLine($"  {parameter.Name}  ({parameter.Type}, {(parameter.Default is { } value ? $"default {value}" : "no default")})");
            if (parameter.Description.Length > 0)
            {
                Console.WriteLine($"      {parameter.Description}");
            }
        }
    }
}
