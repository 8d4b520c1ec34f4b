using System.CommandLine;
using Beamline.Data;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline sample foam --output scan.h5</c>.</summary>
internal static class SampleCommand
{
    internal static Command Create()
    {
        var name = new Argument<string?>("name")
        {
            Description = "Name of the sample; without it the samples are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; NAME.h5 here when not given." };
        var command = new Command("sample", "Write a simulated scan, bit for bit the same each time.") { name, output };
        command.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(output)));
        return command;
    }

    private static int Run(string? name, string? output)
    {
        if (name is null)
        {
            foreach (var sample in Samples.All)
            {
                Console.WriteLine(sample);
            }

            return 0;
        }

        try
        {
            var path = output ?? $"{Samples.Find(name).Name}.h5";
            Samples.Write(name, path);
            Console.WriteLine($"wrote {path}");
            return 0;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Which parameter of which method it was means nothing on a command line.
            var message = e is ArgumentException { ParamName: { } parameter }
                ? e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
                : e.Message;
            Console.Error.WriteLine($"beamline sample: {message}");
            return 2;
        }
    }
}
