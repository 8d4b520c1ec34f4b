using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>What a magic line reads and makes, by the kinds of its parameters. Runs and checks nothing.</summary>
internal static class MagicNames
{
    // They bring in names that their line does not show.
    private static readonly HashSet<string> Importers = new(StringComparer.Ordinal) { "import", "share", "set", "connect" };

    public static (CellPart Part, bool IsBarrier) Of(CellSegment segment, IReadOnlyList<IMagicCommand> commands)
    {
        var declares = new List<CellDeclaration>();
        var uses = new List<NameUse>();
        var name = MagicParser.NameOf(segment.Text);
        var isBarrier = Importers.Contains(name);
        var command = commands.FirstOrDefault(c => c.Descriptor.Name == name);
        if (command is null)
        {
            // Nobody knows what an unknown command would have done.
            return (new CellPart([], []) { IsMagic = true }, true);
        }

        try
        {
            var arguments = MagicParser.Parse(segment.Text, command.Descriptor);
            if (arguments.WantsHelp)
            {
                return (new CellPart([], []) { IsMagic = true }, false);
            }

            foreach (var parameter in command.Descriptor.Parameters)
            {
                if (parameter.Kind == MagicValueKind.NewVariable)
                {
                    // A plan computes nothing and makes no variable; --show-code only prints.
                    if (!arguments.WantsCode && !arguments.Flag("plan") && arguments.Variable(parameter.Name) is { Length: > 0 } made)
                    {
                        declares.Add(new CellDeclaration(made, SessionNameKind.Variable, segment.Line));
                    }
                }
                else if (parameter.Kind == MagicValueKind.Loop)
                {
                    // The new name is known to the lines below alone.
                    if (arguments.Text(parameter.Name) is { } loop && MagicParser.LoopOf(loop) is { } names)
                    {
                        uses.Add(new NameUse(names.Items, NameAccess.Read, segment.Line, null, false));
                    }
                }
                else if (arguments.Has(parameter.Name) && arguments.Text(parameter.Name) is { } value &&
                    (parameter.Kind == MagicValueKind.Variable || (parameter.Kind != MagicValueKind.Flag && IsReference(value))))
                {
                    uses.Add(new NameUse(value.TrimStart('@'), NameAccess.Read, segment.Line, null, false));
                }
            }
        }
        catch (MagicException)
        {
            // A line that is written wrongly does nothing when it is run; the error will say what is wrong.
        }

        return (new CellPart(declares, uses) { IsMagic = true }, isBarrier);
    }

    private static bool IsReference(string value) =>
        value.Length > 1 && value[0] == '@' && !char.IsDigit(value[1]) &&
        value.Skip(1).All(c => char.IsLetterOrDigit(c) || c == '_');
}
