using System.Globalization;
using System.Text;

namespace Beamline.Notebook;

/// <summary>Reads a line <c>#!name value --option value</c> against the descriptor of the command.</summary>
public static class MagicParser
{
    /// <summary>Options that every command has.</summary>
    public static IReadOnlyList<MagicParameter> CommonParameters { get; } =
    [
        new("help", MagicValueKind.Flag, "Show this help."),
        new("show-code", MagicValueKind.Flag, "Print the C# that this stands for, and do nothing."),
        new("quiet", MagicValueKind.Flag, "Do not show the result."),
    ];

    /// <summary>Whether a line of a cell is a magic command.</summary>
    /// <param name="line">The line.</param>
    public static bool IsMagic(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart();
        return text.StartsWith("#!") && text.Length > 2 && char.IsAsciiLetter(text[2]);
    }

    /// <summary>The name in a line that is a magic command.</summary>
    /// <param name="line">The line.</param>
    public static string NameOf(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.TrimStart()[2..];
        var end = text.AsSpan().IndexOfAny(" \t\r\n");
        return end < 0 ? text : text[..end];
    }

    /// <summary>Finds the command of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="commands">All commands.</param>
    /// <exception cref="MagicException">There is no such command; the message names the nearest.</exception>
    public static IMagicCommand Find(string line, IReadOnlyList<IMagicCommand> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var name = NameOf(line);
        return commands.FirstOrDefault(c => c.Descriptor.Name == name)
            ?? throw new MagicException(
                $"There is no magic command #!{name}." +
                Suggestion.DidYouMean(name, commands.Select(c => c.Descriptor.Name), "#!") +
                " #!lsmagic lists all.");
    }

    /// <summary>Reads and checks the arguments of a line.</summary>
    /// <param name="line">The line, with its name.</param>
    /// <param name="descriptor">The descriptor of the command.</param>
    /// <exception cref="MagicException">An option or value is wrong; the message names the nearest and lists the allowed.</exception>
    public static MagicArguments Parse(string line, MagicDescriptor descriptor) => Parse(line, descriptor, null);

    /// <summary>Reads and checks the arguments of a line in which values may be expressions such as <c>@name</c>.</summary>
    /// <param name="line">The line, with its name.</param>
    /// <param name="descriptor">The descriptor of the command.</param>
    /// <param name="resolve">Gives the text that stands for an expression, a value without quotes that starts with @.</param>
    /// <exception cref="MagicException">An option or value is wrong; the message names the nearest and lists the allowed.</exception>
    public static MagicArguments Parse(string line, MagicDescriptor descriptor, Func<MagicParameter, string, string>? resolve)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(descriptor);
        var words = Split(line.TrimStart()[2..]);
        var positional = descriptor.Parameters.Where(p => p.IsPositional).ToArray();
        var named = descriptor.Parameters.Where(p => !p.IsPositional).Concat(CommonParameters).ToArray();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var place = 0;
        for (var i = 1; i < words.Count; i++)
        {
            var (word, quoted) = words[i];
            if (!quoted && word.StartsWith("--", StringComparison.Ordinal))
            {
                string? value = null;
                var name = word[2..];
                if (name.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                {
                    (name, value) = (name[..at], name[(at + 1)..]);
                }

                var parameter = named.FirstOrDefault(p => p.Name == name) ?? throw UnknownOption(descriptor, name, named);
                if (parameter.Kind == MagicValueKind.Flag)
                {
                    values[name] = value is null ? "true" : throw new MagicException(
                        $"#!{descriptor.Name}: --{name} takes no value: write it or leave it out.");
                    continue;
                }

                if (value is null)
                {
                    // A value that starts with two dashes is quoted; without quotes it is the next option.
                    if (++i >= words.Count || (!words[i].Quoted && words[i].Text.StartsWith("--", StringComparison.Ordinal)))
                    {
                        throw new MagicException($"#!{descriptor.Name}: --{name} needs a value ({parameter.Summary})");
                    }

                    value = words[i].Text;
                    if (parameter.Kind == MagicValueKind.Loop && !words[i].Quoted && i + 2 < words.Count && words[i + 1] == ("in", false))
                    {
                        value = $"{value} in {words[i + 2].Text}";
                        i += 2;
                    }
                }

                values[name] = Checked(descriptor, parameter, Resolved(parameter, value, i < words.Count && words[i].Quoted));
            }
            else if (place < positional.Length)
            {
                values[positional[place].Name] = Checked(descriptor, positional[place], Resolved(positional[place], word, quoted));
                place++;
            }
            else
            {
                throw new MagicException(
                    $"#!{descriptor.Name}: '{word}' is one value too many. " +
                    $"Usage: {Usage(descriptor)}");
            }
        }

        var help = values.ContainsKey("help");
        if (!help && descriptor.Parameters.FirstOrDefault(p => p.IsRequired && !values.ContainsKey(p.Name)) is { } missing)
        {
            throw new MagicException(
                $"#!{descriptor.Name} needs {(missing.IsPositional ? missing.Name : "--" + missing.Name)} " +
                $"({missing.Summary}). Usage: {Usage(descriptor)}");
        }

        string Resolved(MagicParameter parameter, string value, bool quoted) =>
            quoted ? parameter.Kind == MagicValueKind.Value ? JsonWord.Quote(value) : value
            : value.Length > 1 && value[0] == '@' && resolve is not null ? resolve(parameter, value)
            : value;

        return new MagicArguments(descriptor, values, line) { WantsHelp = help, WantsCode = values.ContainsKey("show-code") };
    }

    /// <summary>The usage line of a command.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public static string Usage(MagicDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var text = new StringBuilder("#!").Append(descriptor.Name);
        foreach (var p in descriptor.Parameters)
        {
            var shown = p.IsPositional ? p.Name.ToUpperInvariant()
                : p.Kind == MagicValueKind.Flag ? $"--{p.Name}"
                : $"--{p.Name} {(p.Allowed.Count > 0 ? string.Join('|', p.Allowed) : p.Kind == MagicValueKind.NewVariable ? "NAME" : "VALUE")}";
            text.Append(' ').Append(p.IsRequired ? shown : $"[{shown}]");
        }

        return text.ToString();
    }

    /// <summary>The full help of a command, as plain text.</summary>
    /// <param name="descriptor">The descriptor.</param>
    public static string Help(MagicDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var text = new StringBuilder();
        text.Append(descriptor.Summary).Append('\n').Append(Usage(descriptor)).Append('\n');
        foreach (var p in descriptor.Parameters.Concat(CommonParameters))
        {
            var name = p.IsPositional ? p.Name.ToUpperInvariant() : "--" + p.Name;
            text.Append($"  {name,-26} {p.Summary}");
            if (p.Allowed.Count > 0)
            {
                text.Append($" One of {string.Join(", ", p.Allowed)}.");
            }

            if (p.Default is { } value)
            {
                text.Append($" Default: {value}.");
            }

            if (p.DefaultOfAction.Count > 0)
            {
                text.Append($" Default: {string.Join(", ", p.DefaultOfAction.Select(d => $"{d.Value} ({d.Key})"))}.");
            }

            text.Append('\n');
        }

        if (descriptor.OnlyInCode.Count > 0)
        {
            text.Append($"Only in C#: {string.Join(", ", descriptor.OnlyInCode)}. Begin with what --show-code prints.\n");
        }

        return text.ToString();
    }

    private static MagicException UnknownOption(MagicDescriptor descriptor, string name, MagicParameter[] named) => new(
        $"#!{descriptor.Name} has no option --{name}." +
        Suggestion.DidYouMean(name, named.Select(p => p.Name), "--") +
        $" Options: {string.Join(", ", named.Select(p => "--" + p.Name))}.");

    private static string Checked(MagicDescriptor descriptor, MagicParameter parameter, string value)
    {
        var where = $"#!{descriptor.Name}: {(parameter.IsPositional ? parameter.Name : "--" + parameter.Name)}";
        if (parameter.Allowed.Count > 0 && !parameter.Allowed.Contains(value))
        {
            throw new MagicException(
                $"{where} cannot be '{value}'.{Suggestion.DidYouMean(value, parameter.Allowed)} " +
                $"Allowed: {string.Join(", ", parameter.Allowed)}.");
        }

        var good = parameter.Kind switch
        {
            MagicValueKind.Integer => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            MagicValueKind.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.IsFinite(x),
            MagicValueKind.Variable or MagicValueKind.NewVariable => IsIdentifier(value.TrimStart('@')),
            MagicValueKind.Loop => LoopOf(value) is not null,
            _ => true,
        };
        return good ? value : throw new MagicException($"{where} cannot be '{value}': {Expected(parameter.Kind)} is expected.");
    }

    private static string Expected(MagicValueKind kind) => kind switch
    {
        MagicValueKind.Integer => "a whole number",
        MagicValueKind.Number => "a number",
        MagicValueKind.Loop => "NAME in VARIABLE, for instance angle in angles,",
        _ => "the name of a variable",
    };

    /// <summary>The two names of <c>angle in angles</c>; null when a text is none.</summary>
    /// <param name="text">The text.</param>
    public static (string Item, string Items)? LoopOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var item, "in", var items] &&
            IsIdentifier(item) && IsIdentifier(items.TrimStart('@')) ? (item, items.TrimStart('@')) : null;
    }

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '_') && text.All(c => char.IsLetterOrDigit(c) || c == '_');

    private static List<(string Text, bool Quoted)> Split(string line)
    {
        var words = new List<(string, bool)>();
        var word = new StringBuilder();
        var (inWord, quoted, quote) = (false, false, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            var mayBeJson = !inWord || (word.Length > 1 && word[0] == '@' && word[^1] == ':');
            if (mayBeJson && quote == '\0' && c is '{' or '[' && JsonWord.LengthAt(line, i) is var length and > 0)
            {
                // JSON keeps its quotes and blanks.
                inWord = true;
                word.Append(line, i, length);
                i += length - 1;
                continue;
            }

            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '"' or '\'')
            {
                // Quotes around the value of --name="value" do not make the whole word a value.
                (inWord, quoted, quote) = (true, quoted || !inWord, c);
            }
            else if (char.IsWhiteSpace(c))
            {
                Finish();
            }
            else
            {
                inWord = true;
                word.Append(c);
            }
        }

        if (quote != '\0')
        {
            throw new MagicException($"A {quote} is not closed in: {line}");
        }

        Finish();
        return words;

        void Finish()
        {
            if (inWord)
            {
                words.Add((word.ToString(), quoted));
                word.Clear();
                (inWord, quoted) = (false, false);
            }
        }
    }
}
