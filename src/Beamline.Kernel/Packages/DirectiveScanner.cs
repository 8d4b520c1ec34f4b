using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Finds <c>#r</c>, <c>#i</c> and <c>#load</c> in C#, and takes out what the compiler is not to see. Lines keep
/// their length, so that places in the text stay what they are.
/// </summary>
internal static partial class DirectiveScanner
{
    /// <summary>Finds the directives of a text; those in strings, comments and switched-off code do not count.</summary>
    /// <param name="text">C#, without magic lines.</param>
    /// <param name="file">The loaded file that it is, or null for a cell.</param>
    /// <returns>The directives, and the text with #r and #i blank; #load stays, because the compiler does that.</returns>
    /// <exception cref="PackageException">One is written wrongly.</exception>
    public static (IReadOnlyList<ReferenceDirective> Directives, string Code) Scan(string text, string? file = null)
    {
        if (!Candidate().IsMatch(text))
        {
            return ([], text);
        }

        var directives = new List<ReferenceDirective>();
        var code = text.ToCharArray();
        var tree = CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions);
        foreach (var (span, isLoad, quoted) in Find(tree.GetRoot()))
        {
            var line = tree.GetText().Lines.GetLineFromPosition(span.Start);
            directives.Add(Read(line.ToString().Trim(), line.LineNumber + 1, isLoad, quoted, file));
            for (var i = span.Start; i < Math.Min(span.End, line.End) && !isLoad; i++)
            {
                code[i] = ' ';
            }
        }

        return (directives, new string(code));
    }

    /// <summary>The text without #r and #i, also when they are written wrongly: for completion and while typing.</summary>
    /// <param name="text">C#, without magic lines.</param>
    /// <param name="keepsFiles">Whether #r of an assembly stays, for a compiler that may look into the file.</param>
    public static string Blank(string text, bool keepsFiles = false)
    {
        if (!Candidate().IsMatch(text))
        {
            return text;
        }

        var code = text.ToCharArray();
        foreach (var (span, isLoad, quoted) in Find(CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions).GetRoot()))
        {
            var stays = isLoad || (keepsFiles && quoted is not null && !quoted.Contains(':', StringComparison.Ordinal));
            for (var i = span.Start; i < span.End && !stays; i++)
            {
                code[i] = code[i] is '\n' or '\r' ? code[i] : ' ';
            }
        }

        return new string(code);
    }

    private static IEnumerable<(Microsoft.CodeAnalysis.Text.TextSpan Span, bool IsLoad, string? Quoted)> Find(SyntaxNode root)
    {
        foreach (var trivia in root.DescendantTrivia().Where(t => t.IsDirective))
        {
            switch (trivia.GetStructure())
            {
                case ReferenceDirectiveTriviaSyntax { IsActive: true } reference:
                    yield return (reference.FullSpan, false, Value(reference.File));
                    break;
                case LoadDirectiveTriviaSyntax { IsActive: true } load:
                    yield return (load.FullSpan, true, Value(load.File));
                    break;
                case BadDirectiveTriviaSyntax { IsActive: true, Identifier.ValueText: "i" } source:
                    yield return (source.FullSpan, false, Quoted().Match(source.ToFullString()) is { Success: true } m
                        ? m.Groups[1].Value : null);
                    break;
            }
        }
    }

    private static string? Value(SyntaxToken token) => token.IsMissing ? null : token.ValueText;

    private static ReferenceDirective Read(string text, int line, bool isLoad, string? quoted, string? file)
    {
        var isSource = text.TrimStart('#', ' ', '\t').StartsWith('i');
        var wrong = new ReferenceDirective(DirectiveKind.Assembly, "", text, line, file);
        if (string.IsNullOrWhiteSpace(quoted))
        {
            throw new PackageException(
                isLoad ? "#load needs the name of a file in quotes: #load \"file.csx\"."
                : isSource ? "#i needs a source in quotes: #i \"nuget: FOLDER or URL\"."
                : "#r needs what to refer to in quotes: #r \"nuget: Name, version\", #r \"file.dll\" or #r \"project: file.csproj\".",
                wrong);
        }

        var value = quoted.Trim();
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var prefix = colon < 0 ? "" : value[..colon].TrimEnd().ToLowerInvariant();
        var rest = value[(colon + 1)..].Trim();
        var kind = (isLoad, isSource, prefix) switch
        {
            (true, _, _) => DirectiveKind.Load,
            (_, true, "nuget") => DirectiveKind.Source,
            (_, true, _) => throw new PackageException(
                $"'{value}' is not a source. Write #i \"nuget: FOLDER\" or #i \"nuget: https://.../index.json\".", wrong),
            (_, _, "nuget") => DirectiveKind.Package,
            (_, _, "project") => DirectiveKind.Project,
            _ => DirectiveKind.Assembly,
        };
        if (kind is DirectiveKind.Load or DirectiveKind.Assembly)
        {
            rest = value;
        }

        return rest.Length > 0 ? new ReferenceDirective(kind, rest, text, line, file) : throw new PackageException(
            $"Nothing stands behind '{prefix}:'.", wrong);
    }

    [GeneratedRegex("""^[ \t]*#[ \t]*(r|i|load)\b""", RegexOptions.Multiline)]
    private static partial Regex Candidate();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
