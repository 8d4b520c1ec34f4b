using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>The overloads of a call with the parameter marked that the cursor is at.</summary>
internal static class SignatureHelp
{
    private const int MostShown = 8;

    public static Inspection Describe(CallAtCursor call, Compilation compilation, int detail)
    {
        var answer = new Inspection();

        // What cannot take the argument at the cursor is not what is being called.
        IMethodSymbol[] fitting = [.. call.Candidates.Where(m => call.ParameterAt(m) is not null)];
        IMethodSymbol[] shown = fitting.Length > 0 ? fitting : [.. call.Candidates];
        var most = detail > 0 ? int.MaxValue : MostShown;
        foreach (var method in shown.Take(most))
        {
            Show(method, call.ParameterAt(method), answer);
        }

        if (shown.Length > most)
        {
            answer.Paragraph($"... and {shown.Length - most} more overloads");
        }

        var comment = DocLibrary.For(shown[0], compilation);
        answer.Paragraph(comment.Summary);
        if (call.ParameterAt(shown[0]) is { } parameter)
        {
            answer.Paragraph(comment.Parameter(parameter.Name), parameter.Name);
        }

        return answer;
    }

    private static void Show(IMethodSymbol method, IParameterSymbol? marked, Inspection answer)
    {
        var name = method.MethodKind switch
        {
            MethodKind.Constructor => "new " + method.ContainingType.ToDisplayString(SymbolText.TypeName),
            MethodKind.DelegateInvoke => method.ContainingType.ToDisplayString(SymbolText.TypeName),
            MethodKind.PropertyGet => method.ContainingType.ToDisplayString(SymbolText.TypeName),
            _ => (method.ContainingType is { IsScriptClass: false } type && method.MethodKind != MethodKind.LocalFunction
                ? type.ToDisplayString(SymbolText.TypeName) + "." : "") + method.Name +
                (method.TypeParameters.Length > 0 ? $"<{string.Join(", ", method.TypeArguments.Select(t => t.ToDisplayString(SymbolText.TypeName)))}>" : ""),
        };
        var returns = method.MethodKind == MethodKind.Constructor ? "" : method.ReturnType.ToDisplayString(SymbolText.TypeName) + " ";
        var (open, close) = method.MethodKind == MethodKind.PropertyGet ? ('[', ']') : ('(', ')');
        string[] parameters = [.. method.Parameters.Select(p => p.ToDisplayString(SymbolText.Parameter))];
        var at = marked is null ? -1 : method.Parameters.IndexOf(marked);
        if (at < 0)
        {
            answer.Code($"{returns}{name}{open}{string.Join(", ", parameters)}{close}");
            return;
        }

        answer.Marked(
            $"{returns}{name}{open}" + string.Concat(parameters.Take(at).Select(p => p + ", ")),
            parameters[at],
            string.Concat(parameters.Skip(at + 1).Select(p => ", " + p)) + close);
    }
}
