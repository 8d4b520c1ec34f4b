using System.Text;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>A cell that runs for each of some items, as a function of one of them. Its lines are those of the cell.</summary>
/// <param name="Source">The function, with types and functions of the cell that stand beside it.</param>
/// <param name="ResultType">Type of its value as C#, without the task around it.</param>
/// <param name="Beside">What stands beside the function, as C#; empty for nothing.</param>
internal sealed record MapFunction(string Source, string ResultType, string Beside)
{
    public const string Name = "MapItem__";

    private const string Missing = "The cell has to end with an expression without a semicolon: its value is the result of an item.";

    /// <param name="cell">The cell, compiled with a variable of the item's name before it.</param>
    /// <param name="item">Name of the item.</param>
    /// <param name="itemType">Type of the item as C#.</param>
    /// <exception cref="MagicException">The cell has no value, or one that cannot travel.</exception>
    public static MapFunction Of(CellInspection cell, string item, string itemType)
    {
        if (cell.Libraries is not null)
        {
            throw new MagicException("Namespaces and classes of extension methods do not go into a cell with --map: declare them in a cell before it.");
        }

        var root = cell.Tree.GetCompilationUnitRoot();
        if (root.Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true, Expression: var value } })
        {
            throw new MagicException(Missing);
        }

        var result = cell.Model.GetTypeInfo(value) is { Type: { } type } ? type : throw new MagicException(Missing);
        if (result.SpecialType == SpecialType.System_Void)
        {
            throw new MagicException($"{Missing} '{value}' has no value.");
        }

        if (TravelSymbols.Refusal(result) is { } why)
        {
            throw new MagicException(
                $"Line {value.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: the result of an item ({result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}) cannot travel: {why}.");
        }

        var resultType = TypeText.Of(result, cell.Model);
        var text = cell.Tree.GetText();
        var beside = NotLocal(root, cell, item);
        var edits = new TextEdits();
        foreach (var member in beside)
        {
            edits.Replace(member.Span, "", text);
        }

        var isAsync = HasAwait(root, beside);
        var head = isAsync ? $"async System.Threading.Tasks.Task<{resultType}> " : resultType + " ";
        edits.Insert(root.Members.First(m => !beside.Contains(m)).SpanStart, $"{head}{Name}({itemType} {item}) {{ ");
        foreach (var field in root.Members.OfType<FieldDeclarationSyntax>())
        {
            AsLocal(field, edits, text);
        }

        foreach (var function in root.Members.OfType<MethodDeclarationSyntax>().Where(m => !beside.Contains(m)))
        {
            RemoveModifiers(function.Modifiers, edits, text, SyntaxKind.StaticKeyword, SyntaxKind.AsyncKeyword, SyntaxKind.UnsafeKeyword);
        }

        edits.Insert(value.SpanStart, "return ");
        edits.Insert(value.Span.End, "; }");
        return new MapFunction(edits.Apply(text) + Lines(beside), resultType, string.Join('\n', beside.Select(b => b.ToString())));
    }

    // A field of a submission is set to nothing at first, as a local variable is not.
    private static void AsLocal(FieldDeclarationSyntax field, TextEdits edits, SourceText text)
    {
        RemoveModifiers(field.Modifiers, edits, text, SyntaxKind.ConstKeyword);
        foreach (var declarator in field.Declaration.Variables.Where(v => v.Initializer is null && v.ArgumentList is null))
        {
            edits.Insert(declarator.Span.End, " = default!");
        }
    }

    private static void RemoveModifiers(SyntaxTokenList modifiers, TextEdits edits, SourceText text, params SyntaxKind[] kept)
    {
        foreach (var modifier in modifiers.Where(m => !kept.Contains(m.Kind())))
        {
            edits.Replace(modifier.Span, new string(' ', modifier.Span.Length), text);
        }
    }

    /// <summary>Types, and functions that use no variable of the cell: as locals, types could not call them.</summary>
    private static HashSet<MemberDeclarationSyntax> NotLocal(CompilationUnitSyntax root, CellInspection cell, string item)
    {
        var members = root.Members.Where(m => m is not (GlobalStatementSyntax or FieldDeclarationSyntax)).ToList();
        var uses = members.ToDictionary(m => m, m => NamesIn(m, cell));
        var variables = cell.OwnVariables.Select(v => v.Name).Append(item)
            .Concat(root.Members.OfType<FieldDeclarationSyntax>().SelectMany(f => f.Declaration.Variables).Select(v => v.Identifier.ValueText)).ToHashSet(StringComparer.Ordinal);
        for (var count = -1; count != variables.Count;)
        {
            count = variables.Count;
            variables.UnionWith(members.OfType<MethodDeclarationSyntax>().Where(m => uses[m].Overlaps(variables)).Select(m => m.Identifier.ValueText));
        }

        return [.. members.Where(m => m is not MethodDeclarationSyntax method || !variables.Contains(method.Identifier.ValueText))];
    }

    private static HashSet<string> NamesIn(SyntaxNode node, CellInspection cell)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        new NameReader(cell.Model, (symbol, _, _) =>
        {
            if (symbol.ContainingType is { IsScriptClass: true })
            {
                found.Add(symbol.Name);
            }
        }).Visit(node);
        return found;
    }

    private static bool HasAwait(CompilationUnitSyntax root, HashSet<MemberDeclarationSyntax> beside) => root.Members
        .Where(m => !beside.Contains(m) && m is GlobalStatementSyntax or FieldDeclarationSyntax)
        .SelectMany(m => m.DescendantNodes(n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        .Any(n => n is AwaitExpressionSyntax or CommonForEachStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword }
            or LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword }
            or UsingStatementSyntax { AwaitKeyword.RawKind: (int)SyntaxKind.AwaitKeyword });

    private static string Lines(IEnumerable<MemberDeclarationSyntax> members)
    {
        var text = new StringBuilder();
        foreach (var member in members)
        {
            var at = member.GetLocation().GetLineSpan().StartLinePosition;
            text.Append($"\n#line {at.Line + 1}\n").Append(' ', at.Character).Append(member);
        }

        return text.ToString();
    }
}
