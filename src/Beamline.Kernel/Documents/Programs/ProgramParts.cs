using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Takes cells apart into what a program has in different places: directives, usings, statements, types.</summary>
internal sealed class ProgramParts(StaticNotebook notebook)
{
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);

    public List<string> Directives { get; } = [];

    public List<string> Usings { get; } = [];

    public List<string> Types { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Adds C# of a cell.</summary>
    /// <returns>Its statements, as a program has them.</returns>
    public string Add(string code, string place)
    {
        var tree = CSharpSyntaxTree.ParseText(WithoutReferences(code, place), CSharpSession.ParseOptions);
        var model = notebook.Add(tree);
        var root = (CompilationUnitSyntax)tree.GetRoot();
        if (TypeSplit.SyntaxErrors(tree).FirstOrDefault() is { } wrong)
        {
            Warnings.Add($"{place} has an error and became a comment: {wrong.GetMessage()}");
            return ProgramText.Comment(code);
        }

        Usings.AddRange(root.Usings.Select(u => u.WithoutTrivia().ToString()));
        return string.Join('\n', root.Members.Select(m => Statement(m, model, place)).Where(text => text.Length > 0));
    }

    private string Statement(MemberDeclarationSyntax member, SemanticModel model, string place)
    {
        // Comments stay; a using before the first statement took its own lines away already.
        var lead = string.Concat(member.GetLeadingTrivia().Where(t => !t.IsDirective).Select(t => t.ToFullString())).TrimStart('\n', '\r');
        switch (member)
        {
            case GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }:
                var text = last.Expression.WithoutTrivia().ToFullString();
                return lead + (model.GetTypeInfo(last.Expression).Type is { SpecialType: SpecialType.System_Void } ? $"{text};" : $"display({text});");
            case FieldDeclarationSyntax field:
                return lead + Variables(field, model);
            case MethodDeclarationSyntax { ParameterList.Parameters: [{ Modifiers: var modifiers }, ..] } extension
                when modifiers.Any(SyntaxKind.ThisKeyword):
                Types.Add($"static class {extension.Identifier.Text}Extension\n{{\n    {With(extension, SyntaxKind.PublicKeyword, SyntaxKind.StaticKeyword)}\n}}");
                return "";
            case MethodDeclarationSyntax method:
                _declared.Add(method.Identifier.Text);
                return lead + With(method);
            case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                Types.Add((lead + member.WithoutTrivia().ToFullString()).Trim());
                return "";
            case FileScopedNamespaceDeclarationSyntax space:
                // Only one of these may be in a file, and before everything else.
                Types.Add($"{lead}namespace {space.Name}\n{{\n{string.Concat(space.Usings.Select(u => u.ToFullString())).Trim('\n')}{string.Concat(space.Members.Select(m => m.ToFullString())).Trim('\n')}\n}}");
                return "";
            case NamespaceDeclarationSyntax:
                Types.Add((lead + member.WithoutTrivia().ToFullString()).Trim());
                return "";
            case GlobalStatementSyntax:
                return member.ToFullString().TrimStart('\n', '\r').TrimEnd();
            default:
                Warnings.Add($"{place}: '{member.ToString().Split('\n')[0]}' has no place in a program and became a comment.");
                return ProgramText.Comment(member.ToString());
        }
    }

    /// <summary>Variables of a cell are fields that start at zero and may be declared again; those of a program are not.</summary>
    private string Variables(FieldDeclarationSyntax field, SemanticModel model)
    {
        var lines = new List<string>();
        var type = field.Declaration.Type.ToString();
        var isConst = field.Modifiers.Any(SyntaxKind.ConstKeyword);
        foreach (var variable in field.Declaration.Variables)
        {
            var name = variable.Identifier.Text;
            var value = variable.Initializer?.Value.ToString() ?? "default";
            if (variable.Initializer?.Value is InitializerExpressionSyntax)
            {
                value = $"new {type} {value}";
            }

            if (_declared.Add(name))
            {
                lines.Add($"{(isConst ? "const " : "")}{type} {name} = {value}{(value == "default" && !type.EndsWith('?') && IsReference(variable, model) ? "!" : "")};");
            }
            else
            {
                lines.Add($"{name} = {value};");
            }
        }

        return string.Join('\n', lines);
    }

    private static bool IsReference(VariableDeclaratorSyntax variable, SemanticModel model) =>
        model.GetDeclaredSymbol(variable) is IFieldSymbol { Type.IsReferenceType: true };

    private static string With(MethodDeclarationSyntax method, params SyntaxKind[] more)
    {
        SyntaxKind[] access = [SyntaxKind.PublicKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.InternalKeyword, SyntaxKind.ProtectedKeyword];
        var kept = method.Modifiers.Where(m => !access.Contains(m.Kind()) && !more.Contains(m.Kind())).Select(m => m.Text);
        var bare = method.WithModifiers(default).WithoutTrivia().ToFullString();
        return string.Join(' ', [.. more.Select(SyntaxFacts.GetText), .. kept, bare]);
    }

    private string WithoutReferences(string code, string place)
    {
        var root = CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetRoot();
        foreach (var trivia in root.DescendantTrivia().Where(t =>
            t.Kind() is SyntaxKind.ReferenceDirectiveTrivia or SyntaxKind.LoadDirectiveTrivia or SyntaxKind.BadDirectiveTrivia))
        {
            var line = trivia.ToString().Trim();
            if (ProgramText.Directive(line) is { } directive)
            {
                Directives.Add(directive);
            }
            else
            {
                Warnings.Add($"{place}: {line} has no like in a program of one file and became a comment.");
                Directives.Add("// " + line);
            }

            code = code.Remove(trivia.SpanStart, trivia.Span.Length).Insert(trivia.SpanStart, new string(' ', trivia.Span.Length));
        }

        return code;
    }
}
