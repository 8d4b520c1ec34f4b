using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Magic lines that fail by what they say, whatever the variables hold.</summary>
internal static class MagicLines
{
    public static IEnumerable<(int Line, string Message)> Wrong(string code, IReadOnlyList<IMagicCommand> commands)
    {
        var isSent = false;
        foreach (var segment in CellSplitter.Split(code).Where(s => s.IsMagic))
        {
            var name = MagicParser.NameOf(segment.Text);
            if (CellLanguages.IsSwitch(segment.Text))
            {
                if (isSent && CellLanguages.StartsText(segment.Text))
                {
                    yield return (segment.Line, $"#!{name}: only C# can be sent. Put the lines in the other language into a cell of their own.");
                }

                continue;
            }

            // An extension that a cell loads may bring a command that is not known here.
            if (commands.FirstOrDefault(c => c.Descriptor.Name == name) is not { } command)
            {
                continue;
            }

            if (isSent && command is not CodeMagic)
            {
                yield return (segment.Line, $"#!{name} acts on this notebook and cannot be sent. Put it into a cell of its own.");
            }
            else if (Problem(segment.Text, command.Descriptor) is { } problem)
            {
                yield return (segment.Line, problem);
            }

            isSent |= command.Descriptor.TakesRest;
        }
    }

    private static string? Problem(string line, MagicDescriptor descriptor)
    {
        // What stands for a variable is only known when that is.
        if (line.Contains('@', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            MagicParser.Parse(line, descriptor);
            return null;
        }
        catch (MagicException wrong)
        {
            return wrong.Message;
        }
    }
}
