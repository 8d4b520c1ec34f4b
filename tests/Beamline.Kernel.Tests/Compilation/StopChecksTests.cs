using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Beamline.Kernel.Tests;

/// <summary>What a cell does must not depend on the checks that are written into it.</summary>
public class StopChecksTests
{
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithReferences(SessionReferences.For([typeof(CellGuard).Assembly]))
        .WithImports(
            "System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Numerics", "System.Text",
            "System.Threading", "System.Threading.Tasks")
        .WithAllowUnsafe(true)
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8)
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithFilePath("cell");

    public static TheoryData<string, string> Snippets()
    {
        var data = new TheoryData<string, string>();
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Compilation", "snippets.txt"));
        foreach (var part in ("=== a sum\n" + text).Split("=== ", StringSplitOptions.RemoveEmptyEntries))
        {
            var end = part.IndexOf('\n', StringComparison.Ordinal);
            data.Add(part[..end], part[(end + 1)..].TrimEnd('\n'));
        }

        return data;
    }

    [Fact]
    public void There_are_enough_snippets() => Assert.InRange(Snippets().Count, 80, 1000);

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task A_snippet_does_the_same_with_checks(string name, string code)
    {
        if (name.StartsWith("Windows", StringComparison.Ordinal))
        {
            code = code.Replace("; ", ";\r\n", StringComparison.Ordinal);
        }

        var plain = CSharpScript.Create<object>(code, Options);
        var compilation = plain.GetCompilation();
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        var text = StopChecks.Insert(compilation.SyntaxTrees.Single(), compilation);
        if (text is null)
        {
            Assert.DoesNotContain("while", code);
            return;
        }

        Assert.Equal(code.Count(c => c == '\n'), text.Count(c => c == '\n'));
        var (expected, actual) = (await RunAsync(plain), await RunAsync(CSharpScript.Create<object>(text, Options)));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("while (true) { }", "while (true) {C(); }")]
    [InlineData("while (true) ;", "while (true) {C();;}")]
    [InlineData("for (;;) f();", "for (;;) {C();f();}")]
    [InlineData("again: goto again;", "again: {C();goto again;}")]
    [InlineData("int F(int n) => F(n - 1);", "int F(int n) {E(); return F(n - 1);}")]
    [InlineData("double F(double x) => x * x;", "double F(double x) {C(); return x * x;}")]
    [InlineData("class A { int X => X; }", "class A { int X {get{E(); return X;}} }")]
    [InlineData("class A { A() { } static A() { } }", "class A { A() {E(); } static A() { } }")]
    [InlineData("Func<int> f = () => 1;", "Func<int> f = () => {C();return 1;};")]
    [InlineData("Action f = () => Console.Write(1);", "Action f = () => {E();Console.Write(1);};")]
    [InlineData("try { } catch { }", "try { } catch(global::System.Exception caught__1) when(MayCatch(caught__1)){ }")]
    [InlineData(
        "try { } catch (OperationCanceledException) { }",
        "try { } catch (OperationCanceledException caught__1) when(MayCatchStop(caught__1)){ }")]
    [InlineData("Environment.Exit(3);", "Exit(3);")]
    [InlineData("Action<int> f = System.Environment.Exit;", "Action<int> f = Exit;")]
    [InlineData("System.Linq.Expressions.Expression<Func<int>> f = () => 1;", null)]
    [InlineData("var x = 1; x + 1", null)]
    public void Checks_are_where_they_belong(string code, string? expected)
    {
        var compilation = CSharpScript.Create<object>(
            code.Replace("f();", "GC.Collect();", StringComparison.Ordinal), Options).GetCompilation();
        var text = StopChecks.Insert(compilation.SyntaxTrees.Single(), compilation);
        Assert.Equal(expected, text?.Replace("global::Beamline.Kernel.CellGuard.", "", StringComparison.Ordinal)
            .Replace("Check(", "C(", StringComparison.Ordinal).Replace("Enter(", "E(", StringComparison.Ordinal)
            .Replace("GC.Collect();", "f();", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loaded_file_is_checked_too()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "part.csx");
        await File.WriteAllTextAsync(path, "int Loaded()\n{\n    while (true) ;\n}\n");
        var settings = new SubmissionSettings(Options.MetadataReferences, Options.MetadataReferences[^1], new LoadedFiles());
        var compiled = SubmissionCompiler.Compile(
            $"#load \"{path}\"\nLoaded",
            (text, loaded) => settings.Compilation("part", SubmissionSettings.Parse(text, "cell"), null, settings.References, [], loaded),
            CancellationToken.None);
        var trees = compiled.Compilation!.SyntaxTrees.Select(t => t.ToString()).ToArray();
        Assert.True(compiled.IsChecked);
        Assert.Contains(trees, t => t.Contains("while (true) {global::Beamline.Kernel.CellGuard.Check();;}", StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(Script<object> script)
    {
        try
        {
            var state = await script.RunAsync(null, _ => true);
            return state.Exception is { } thrown ? Describe(thrown) : Describe(state.ReturnValue);
        }
        catch (CompilationErrorException exception)
        {
            return $"{string.Join('\n', exception.Diagnostics)}\n{script.Code}";
        }
    }

    private static string Describe(Exception exception) => $"{exception.GetType()}: {exception.Message} at " +
        string.Join(' ', new StackTrace(exception, true).GetFrames().Where(f => f.GetFileName() is not null)
            .Select(f => $"{f.GetFileName()}:{f.GetFileLineNumber()}"));

    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => text,
        IEnumerable many => string.Join(',', many.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
