using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>A cell as the compiler understands it after the cells that ran.</summary>
internal sealed record ProbedCell(string Code, SyntaxTree Tree, SemanticModel Model, CSharpCompilation? Previous);

/// <summary>
/// Compiles what is being typed against the session. The compilation is kept: the same text in the same session
/// costs nothing, and another text only its own binding, because the references stay bound.
/// </summary>
internal sealed class SessionProbe(CSharpSession session)
{
    private readonly Lock _gate = new();
    private ProbedCell? _last;

    public ProbedCell For(string cell)
    {
        var code = CSharpOf(cell);
        lock (_gate)
        {
            var previous = session.LastCompilation;
            if (_last is { } last && ReferenceEquals(last.Previous, previous))
            {
                if (last.Code == code)
                {
                    return last;
                }

                var typed = CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions);
                if (!HasReferences(last.Tree) && !HasReferences(typed))
                {
                    var compilation = last.Model.Compilation.ReplaceSyntaxTree(last.Tree, typed);
                    return _last = new ProbedCell(code, typed, compilation.GetSemanticModel(typed), previous);
                }
            }

            var (tree, model) = session.Probe(code);
            return _last = new ProbedCell(
                code, tree, model, (CSharpCompilation?)model.Compilation.ScriptCompilationInfo?.PreviousScriptCompilation);
        }
    }

    /// <summary>The C# of a cell at its places: blanks instead of magic lines and of directives that only the kernel knows.</summary>
    public static string CSharpOf(string cell)
    {
        var isDeep = NestingLimit.DeepBracket(cell) is not null;
        var code = isDeep ? cell : CellSplitter.WithoutMagics(cell);
        if (isDeep || NestingLimit.IsExceeded(code))
        {
            return new string([.. code.Select(c => c is '\n' or '\r' ? c : ' ')]);
        }

        if (!code.Contains("#r", StringComparison.Ordinal) && !code.Contains("#i", StringComparison.Ordinal))
        {
            return code;
        }

        var lines = code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (DirectiveLine.Of(lines[i]) is { IsOfKernel: true })
            {
                lines[i] = new string(' ', lines[i].Length);
            }
        }

        return string.Join('\n', lines);
    }

    private static bool HasReferences(SyntaxTree tree) => tree.GetCompilationUnitRoot() is var root &&
        (root.GetReferenceDirectives().Count > 0 || root.GetLoadDirectives().Count > 0);
}
