using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Beamline.Kernel.TestHost;

/// <summary>What stop checks cost per cell, in processor time, for chains of cells (docs/adr/0015).</summary>
internal static class CompileCost
{
    private const string Simple = "var v{0} = {0} + 1; v{0} * 2";
    private const string Loops =
        "int F{0}(int n) {{ var s = 0; for (var i = 0; i < n; i++) s += i; return s; }} var v{0} = Enumerable.Range(0, 5).Select(x => F{0}(x)).Where(x => x >= 0).Sum(); v{0}";

    public static async Task RunAsync(int cells)
    {
        var options = ScriptOptions.Default.WithReferences(SessionReferences.For([typeof(CellGuard).Assembly]))
            .WithImports("System", "System.Linq").WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release).WithEmitDebugInformation(true).WithFileEncoding(Encoding.UTF8);
        foreach (var (kind, cell) in ((string, string)[])[("simple", Simple), ("loops and lambdas", Loops)])
        {
            // Twice: the first round warms the compiler up.
            foreach (var round in (int[])[1, 2])
            {
                var plain = await ChainAsync(cells, cell, options, (script, _, _) => script.Compile()).ConfigureAwait(false);
                var rewritten = await ChainAsync(cells, cell, options, null).ConfigureAwait(false);
                var own = await ChainAsync(cells, cell, options, OwnCompilation).ConfigureAwait(false);
                if (round == 2)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{kind,-18} CPU per cell: no checks {plain:0.00} ms, checks in a second script {rewritten:0.00} ms, checks in a replaced tree {own:0.00} ms"));
                }
            }
        }
    }

    private static async Task<double> ChainAsync(
        int cells, string cell, ScriptOptions options, Action<Script, string, ScriptOptions>? compile)
    {
        ScriptState<object>? state = null;
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < cells; i++)
        {
            var code = string.Format(CultureInfo.InvariantCulture, cell, i);
            Script<object> Create(string text, ScriptOptions with) =>
                state is null ? CSharpScript.Create<object>(text, with) : state.Script.ContinueWith<object>(text, with);
            Script<object> script;
            if (compile is null)
            {
                script = SubmissionCompiler.Compile(code, options, Create, CancellationToken.None).Script!;
            }
            else
            {
                script = Create(code, options);
                compile(script, code, options);
            }

            state = state is null ? await script.RunAsync().ConfigureAwait(false) : await script.RunFromAsync(state).ConfigureAwait(false);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / cells;
    }

    // Way (b) without a runner of its own: diagnostics of the original, then a tree replaced and emitted. The script that
    // runs is built beside it, so the printed figure is this way's cost and one emit too much.
    private static void OwnCompilation(Script script, string code, ScriptOptions options)
    {
        var compilation = script.GetCompilation();
        compilation.GetDiagnostics();
        var tree = compilation.SyntaxTrees.Single();
        if (StopChecks.Insert(tree, compilation) is { } text)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, encoding: Encoding.UTF8));
        }

        compilation.Emit(new MemoryStream(), new MemoryStream());
    }
}
