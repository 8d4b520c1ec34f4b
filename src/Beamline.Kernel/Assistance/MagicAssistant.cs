using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Completes and explains magic lines from their descriptors.</summary>
internal sealed class MagicAssistant(NotebookKernel kernel)
{
    /// <returns>What may be typed, or null when the cursor is not in a magic line.</returns>
    public CompletionList? Complete(string code, int place)
    {
        if (MagicLine.At(code, place) is not { } line)
        {
            return null;
        }

        var (word, start) = (line.Word, line.WordStart);
        if (line.Words.Count == 0)
        {
            return List(kernel.Commands.Select(c => Item("#!" + c.Descriptor.Name, "magic", c.Descriptor.Summary)), word, start, place);
        }

        if (kernel.Commands.FirstOrDefault(c => "#!" + c.Descriptor.Name == line.Words[0].Text)?.Descriptor is not { } command)
        {
            return CompletionList.None(place);
        }

        if (!line.IsQuoted && word.StartsWith("--", StringComparison.Ordinal))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
            {
                return Named(command, word[2..at]) is { } option
                    ? Values(option, line with { Word = word[(at + 1)..].TrimStart('"'), WordStart = start + at + 1 + (word.Length > at + 1 && word[at + 1] == '"' ? 1 : 0) }, place)
                    : CompletionList.None(place);
            }

            var given = line.Words.Select(w => w.Text.Split('=')[0]).ToHashSet();
            return List(
                command.Parameters.Where(p => !p.IsPositional).Concat(MagicParser.CommonParameters)
                    .Where(p => !given.Contains("--" + p.Name)).Select(p => Item("--" + p.Name, "option", p.Summary)),
                word,
                start,
                place);
        }

        if (command.Name == "help")
        {
            return List(kernel.Commands.Select(c => Item(c.Descriptor.Name, "magic", c.Descriptor.Summary)), word, start, place);
        }

        return ParameterAt(command, line.Words) is { } parameter ? Values(parameter, line, place) : CompletionList.None(place);
    }

    /// <returns>The help of the command in the line of the cursor, or null.</returns>
    public string? Inspect(string code, int place) =>
        MagicLine.At(code, place) is { } line && MagicParser.IsMagic(line.Text) &&
        kernel.Commands.FirstOrDefault(c => c.Descriptor.Name == MagicParser.NameOf(line.Text)) is { } command
            ? MagicParser.Help(command.Descriptor).TrimEnd()
            : null;

    private static MagicParameter? Named(MagicDescriptor command, string name) =>
        command.Parameters.FirstOrDefault(p => !p.IsPositional && p.Name == name && p.Kind != MagicValueKind.Flag);

    /// <summary>The parameter whose value comes next: of the option before, or the next one by place.</summary>
    private static MagicParameter? ParameterAt(MagicDescriptor command, IReadOnlyList<(string Text, bool Quoted)> words)
    {
        var place = 0;
        MagicParameter? open = null;
        foreach (var (text, quoted) in words.Skip(1))
        {
            if (open is not null)
            {
                open = null;
            }
            else if (!quoted && text.StartsWith("--", StringComparison.Ordinal))
            {
                open = text.Contains('=', StringComparison.Ordinal) ? null : Named(command, text[2..]);
            }
            else
            {
                place++;
            }
        }

        return open ?? command.Parameters.Where(p => p.IsPositional).ElementAtOrDefault(place);
    }

    private CompletionList Values(MagicParameter parameter, MagicLine line, int place)
    {
        var word = line.Word;
        var isReference = word.StartsWith('@');
        if (!isReference && parameter.Allowed.Count > 0)
        {
            return List(parameter.Allowed.Select(v => Item(v, "value", v == parameter.Default ? "default" : "")), word, line.WordStart, place);
        }

        if (!isReference && parameter.Offers is { } offers)
        {
            return List(offers().Select(v => Item(v, "value", "")), word, line.WordStart, place);
        }

        if (isReference || parameter.Kind == MagicValueKind.Variable)
        {
            return List(
                kernel.Session.Variables().Select(v => Item((isReference ? "@" : "") + v.Name, "instance", TypeNames.Of(v.Type))),
                word, line.WordStart, place);
        }

        return parameter.Kind == MagicValueKind.Path ? Paths(line, place) : CompletionList.None(place);
    }

    // A name with a blank gets quotes around the whole path, so then the whole path is replaced.
    private static CompletionList Paths(MagicLine line, int place)
    {
        var names = PathCompleter.Names(line.Word);
        var nameStart = PathCompleter.NameStart(line.Word);
        var needsQuotes = line.Quote == '\0' && names.Any(n => n.Name.AsSpan().ContainsAny(' ', '\'', '"'));
        var folder = needsQuotes ? line.Word[..nameStart] : "";
        return new CompletionList(
            [.. names.Select(n => new CompletionItem(needsQuotes ? Quoted(folder + n.Name, n.IsFolder) : n.Name, "path")
            {
                Signature = PathCompleter.Describe(n.IsFolder, n.Size),
            })],
            line.WordStart + (needsQuotes ? 0 : nameStart),
            place);
    }

    private static string Quoted(string path, bool isFolder)
    {
        if (!path.AsSpan().ContainsAny(' ', '\'', '"'))
        {
            return path;
        }

        // The quote of a folder stays open, to go on below it.
        var quote = path.Contains('"', StringComparison.Ordinal) ? '\'' : '"';
        return isFolder ? quote + path : quote + path + quote;
    }

    private static CompletionItem Item(string text, string kind, string signature) => new(text, kind) { Signature = signature };

    private static CompletionList List(IEnumerable<CompletionItem> all, string word, int start, int end) =>
        new([.. all.Where(i => i.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(i => i.Text, StringComparer.Ordinal)], start, end);
}
