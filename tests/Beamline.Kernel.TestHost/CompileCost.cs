using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Beamline.Kernel.TestHost;

/// <summary>
/// What a cell costs in processor time, for chains of cells: by Roslyn's scripting classes, and by our own chain without
/// and with stop checks (docs/adr/0015 and 0025).
/// </summary>
internal static class CompileCost
{
    private const string Simple = "var v{0} = {0} + 1; v{0} * 2";
    private const string Loops =
        "int F{0}(int n) {{ var s = 0; for (var i = 0; i < n; i++) s += i; return s; }} var v{0} = Enumerable.Range(0, 5).Select(x => F{0}(x)).Where(x => x >= 0).Sum(); v{0}";

    private static readonly string[] Usings = ["System", "System.Linq"];
    private static readonly IReadOnlyList<MetadataReference> References = SessionReferences.For([typeof(CellGuard).Assembly]);

    public static async Task RunAsync(int cells)
    {
        foreach (var (kind, cell) in ((string, string)[])[("simple", Simple), ("loops and lambdas", Loops)])
        {
            // Twice: the first round warms the compiler up.
            foreach (var round in (int[])[1, 2])
            {
                var scripts = await CostAsync(cells, () => ScriptsAsync(cells, cell)).ConfigureAwait(false);
                var plain = await CostAsync(cells, () => ChainAsync(cells, cell, isChecked: false)).ConfigureAwait(false);
                var ours = await CostAsync(cells, () => ChainAsync(cells, cell, isChecked: true)).ConfigureAwait(false);
                if (round == 2)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{kind,-18} CPU per cell: Roslyn's scripts {scripts:0.00} ms, own chain {plain:0.00} ms, own chain with stop checks {ours:0.00} ms"));
                }
            }
        }
    }

    private static async Task<double> CostAsync(int cells, Func<Task> run)
    {
        var before = Environment.CpuUsage.TotalTime;
        await run().ConfigureAwait(false);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / cells;
    }

    private static async Task ScriptsAsync(int cells, string cell)
    {
        var options = ScriptOptions.Default.WithReferences(References).WithImports(Usings).WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release).WithEmitDebugInformation(true).WithFileEncoding(System.Text.Encoding.UTF8);
        ScriptState<object>? state = null;
        for (var i = 0; i < cells; i++)
        {
            var code = string.Format(CultureInfo.InvariantCulture, cell, i);
            var script = state is null
                ? CSharpScript.Create<object>(code, options)
                : state.Script.ContinueWith<object>(code, options.WithReferences(Array.Empty<MetadataReference>()).WithImports());
            state = state is null ? await script.RunAsync().ConfigureAwait(false) : await script.RunFromAsync(state).ConfigureAwait(false);
        }
    }

    private static async Task ChainAsync(int cells, string cell, bool isChecked)
    {
        var settings = new SubmissionSettings(References, References[^1], new LoadedFiles());
        var context = new SubmissionContext();
        context.Know(typeof(CellGuard).Assembly);
        SessionState? state = null;
        for (var i = 0; i < cells; i++)
        {
            var number = i;
            CSharpCompilation Make(string text, ImmutableDictionary<string, string> loaded) => settings.Compilation(
                $"S{number}", SubmissionSettings.Parse(text, "cell"), state?.Compilation, state is null ? References : [], state is null ? Usings : [], loaded, $"S{number}");
            var code = string.Format(CultureInfo.InvariantCulture, cell, i);
            var compiled = isChecked
                ? SubmissionCompiler.Compile(code, Make, CancellationToken.None)
                : Unchecked(Make(code, ImmutableDictionary<string, string>.Empty));
            (state, _, _) = await SessionState.RunAsync(state, compiled, context, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static CompiledSubmission Unchecked(CSharpCompilation compilation)
    {
        var (image, symbols) = (new MemoryStream(), new MemoryStream());
        compilation.Emit(image, symbols, options: SubmissionCompiler.WithSymbols);
        (image.Position, symbols.Position) = (0, 0);
        return new CompiledSubmission(compilation, [], false) { Image = image, Symbols = symbols };
    }
}
