using Beamline.Notebook;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>The text of a cell as plain C#: magic lines in it become the C# that they stand for.</summary>
internal static class SentText
{
    /// <summary>The C# of a cell, with as many empty lines before it as its place asks for.</summary>
    /// <exception cref="MagicException">A part of it is no C# and stands for none.</exception>
    public static string Of(string code, int linesBefore, NotebookKernel kernel)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var made = new string[lines.Length];
        Array.Fill(made, "");
        foreach (var segment in CellSplitter.Split(code))
        {
            if (segment.IsMagic)
            {
                made[segment.Line - 1] = Translate(segment, segment.Line + linesBefore, kernel);
                continue;
            }

            var text = Blank(segment.Text, linesBefore).Split('\n');
            for (var i = segment.Line - 1; i < text.Length; i++)
            {
                made[i] = text[i];
            }
        }

        return new string('\n', linesBefore) + string.Join('\n', made);
    }

    // What #r asks for was brought before any of the cell ran.
    private static string Blank(string text, int linesBefore)
    {
        var (directives, code) = DirectiveScanner.Scan(text);
        return directives.FirstOrDefault(d => d.Kind == DirectiveKind.Load) is not { } load ? code : throw new MagicException(
            $"Line {load.Line + linesBefore}: #load does not go with a cell that is sent. Put it into a cell of its own and run that here: " +
            "what the file declares then travels as far as this cell uses it.");
    }

    private static string Translate(CellSegment segment, int line, NotebookKernel kernel)
    {
        var name = MagicParser.NameOf(segment.Text);
        if (CellLanguages.Canonical(name) == CellLanguages.CSharp)
        {
            return "";
        }

        if (CellLanguages.IsSwitch(segment.Text))
        {
            throw new MagicException($"Line {line}, #!{name}: only C# can be sent. Put the lines in the other language into a cell of their own.");
        }

        var command = MagicParser.Find(segment.Text, kernel.Commands);
        if (command is not CodeMagic magic)
        {
            throw new MagicException($"Line {line}, #!{name}: the command acts on this notebook and cannot be sent. Put it into a cell of its own.");
        }

        try
        {
            var context = new Translation(kernel);
            Func<MagicParameter, string, string>? resolve = CellScope.Current is { } cell ? new MagicReferences(cell).Resolve : null;
            magic.InvokeAsync(MagicParser.Parse(segment.Text + " --show-code", magic.Descriptor, resolve), context).GetAwaiter().GetResult();
            var isQuiet = MagicParser.Parse(segment.Text, magic.Descriptor, resolve).Flag("quiet");
            return OneLine(context.Code, isQuiet, name, line);
        }
        catch (MagicException exception)
        {
            throw new MagicException(
                $"Line {line}, #!{name}: {exception.Message} In a cell that is sent, a command finds only what earlier cells made: " +
                "write it in C# (--show-code prints it), or put it into a cell of its own.",
                exception);
        }
    }

    /// <summary>The code on one line, so that lines stay those of the cell, and with its result shown as the command would.</summary>
    private static string OneLine(string code, bool isQuiet, string name, int line)
    {
        var root = CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetCompilationUnitRoot();
        var parts = root.Members.Select(m => (Text: string.Join(' ', m.DescendantTokens().Select(t => t.Text)), Node: m)).ToList();
        if (parts.Exists(p => p.Text.Contains('\n', StringComparison.Ordinal)) || root.Usings.Count > 0)
        {
            throw new MagicException($"Line {line}, #!{name}: write it in C# (--show-code prints it).");
        }

        if (!isQuiet && parts.Count > 0)
        {
            var (text, node) = parts[^1];
            var shown = node switch
            {
                FieldDeclarationSyntax { Declaration.Variables: [var made, ..] } => $"{text} display({made.Identifier.Text});",
                GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } value } =>
                    $"display({string.Join(' ', value.Expression.DescendantTokens().Select(t => t.Text))});",
                _ => text,
            };
            parts[^1] = (shown, node);
        }

        return string.Join(' ', parts.Select(p => p.Text.TrimEnd() is { Length: > 0 } text && text[^1] is not (';' or '}') ? text + ";" : p.Text));
    }

    /// <summary>Catches the code that a command prints.</summary>
    private sealed class Translation(NotebookKernel kernel) : INotebookContext
    {
        private readonly List<string> _lines = [];

        public string Code => string.Join('\n', _lines);

        public CancellationToken CancellationToken => CancellationToken.None;

        public string WorkingFolder => Directory.GetCurrentDirectory();

        public IReadOnlyList<MagicDescriptor> Commands => [.. kernel.Commands.Select(c => c.Descriptor)];

        public IReadOnlyList<NotebookVariable> Variables => kernel.Session.Variables();

        public NotebookVariable? FindVariable(string name) => kernel.Session.FindVariable(name);

        public void WriteLine(string line) => _lines.Add(line);

        public Task<object?> RunCodeAsync(string code) => throw new MagicException("it does more than its C# says.");

        public IDisplayHandle Display(object? value) => throw new MagicException("it does more than its C# says.");
    }
}
