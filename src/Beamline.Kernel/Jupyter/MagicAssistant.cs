using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Completes and explains magic lines from their descriptors.</summary>
internal sealed class MagicAssistant(NotebookKernel kernel)
{
    /// <returns>What may be typed, or null when the cursor is not in a magic line.</returns>
    public CompletionList? Complete(string code, int place)
    {
        var lineStart = place == 0 ? 0 : code.LastIndexOf('\n', place - 1) + 1;
        var typed = code[lineStart..place];
        var lead = typed.Length - typed.TrimStart().Length;
        if (!typed.AsSpan(lead).StartsWith("#!"))
        {
            return null;
        }

        var wordStart = place;
        while (wordStart > lineStart + lead && !char.IsWhiteSpace(code[wordStart - 1]))
        {
            wordStart--;
        }

        var word = code[wordStart..place];
        if (wordStart == lineStart + lead)
        {
            return List(kernel.Commands.Select(c => ("#!" + c.Descriptor.Name, "magic")), word, wordStart, place);
        }

        var line = typed[lead..];
        var descriptor = line.Length > 2 && MagicParser.IsMagic(line)
            ? kernel.Commands.FirstOrDefault(c => c.Descriptor.Name == MagicParser.NameOf(line))?.Descriptor
            : null;
        if (descriptor is null)
        {
            return new CompletionList([], place, place);
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            return List(
                descriptor.Parameters.Where(p => !p.IsPositional).Concat(MagicParser.CommonParameters)
                    .Select(p => ("--" + p.Name, "option")),
                word,
                wordStart,
                place);
        }

        var words = line[..(wordStart - lineStart - lead)].Split(' ', '\t').Where(w => w.Length > 0).ToArray();
        var parameter = words.Length > 1 && words[^1].StartsWith("--", StringComparison.Ordinal)
            ? descriptor.Parameters.FirstOrDefault(p => "--" + p.Name == words[^1] && p.Kind != MagicValueKind.Flag)
            : null;
        parameter ??= descriptor.Parameters.FirstOrDefault(p => p.IsPositional);
        var isReference = word.StartsWith('@');
        IEnumerable<(string, string)> values = parameter switch
        {
            { Allowed.Count: > 0 } => parameter.Allowed.Select(v => (v, "value")),
            { Kind: MagicValueKind.Variable } => kernel.Session.Variables()
                .Select(v => ((isReference ? "@" : "") + v.Name, "instance")),
            _ when isReference => kernel.Session.Variables().Select(v => ("@" + v.Name, "instance")),
            _ => [],
        };
        return List(values, word, wordStart, place);
    }

    /// <returns>The help of the command in the line of the cursor, or null.</returns>
    public string? Inspect(string code, int place)
    {
        var start = place == 0 ? 0 : code.LastIndexOf('\n', Math.Min(place, code.Length) - 1) + 1;
        var end = code.IndexOf('\n', start) is var at and >= 0 ? at : code.Length;
        var line = code[start..end];
        return MagicParser.IsMagic(line) &&
            kernel.Commands.FirstOrDefault(c => c.Descriptor.Name == MagicParser.NameOf(line)) is { } command
            ? MagicParser.Help(command.Descriptor).TrimEnd()
            : null;
    }

    private static CompletionList List(IEnumerable<(string Text, string Kind)> all, string word, int start, int end) =>
        new([.. all.Where(i => i.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(i => i.Text, StringComparer.Ordinal).Select(i => new CompletionItem(i.Text, i.Kind))], start, end);
}
