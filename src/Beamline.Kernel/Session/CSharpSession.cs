using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Beamline.Kernel;

/// <summary>
/// A chain of C# submissions that see each other's variables. Runs on whatever thread calls it;
/// one submission at a time.
/// </summary>
internal sealed class CSharpSession : IDisposable
{
    private static readonly string[] BasicUsings =
    [
        "System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Globalization",
        "System.Numerics", "System.Text", "System.Threading", "System.Threading.Tasks",

        // A class as a using is 'using static': its functions work in methods and types of cells, too, which
        // members of a globals object do not.
        typeof(CellGlobals).FullName!,
    ];

    // Two compilations that bind the shared references at the same time each make symbols of their own for one assembly,
    // and later submissions then find every function of the notebook twice (CS0121). One at a time, in the whole process.
    private static readonly Lock BindingGate = new();

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly ConcurrentDictionary<string, string> _sources = new();
    private readonly Lock _gate = new();

    // Built once: a new one per cell makes Roslyn bind all references again.
    private readonly ScriptOptions _options;
    private volatile ScriptState<object>? _state;
    private int _generation;

    public CSharpSession(IEnumerable<Assembly> assemblies, IEnumerable<string> usings)
    {
        Assembly[] own = [typeof(CSharpSession).Assembly, typeof(INotebookContext).Assembly, .. assemblies];
        foreach (var assembly in own.Distinct())
        {
            _loader.RegisterDependency(assembly);
        }

        Usings = [.. BasicUsings.Concat(usings).Distinct()];
        _options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithReferences(SessionReferences.For(own.Distinct().Where(a => a != typeof(CSharpSession).Assembly))
                .Append(OwnReference))
            .WithMetadataResolver(new SharedReferenceResolver(ScriptOptions.Default.MetadataResolver, OwnReference))
            .WithImports(Usings)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(true)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8);
    }

    /// <summary>How cells are parsed.</summary>
    public static CSharpParseOptions ParseOptions { get; } =
        new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Namespaces that are open in every cell.</summary>
    public IReadOnlyList<string> Usings { get; }

    // The kernel's own dependencies (compiler, sockets) are no business of cells, so they are not followed.
    private static MetadataReference OwnReference { get; } =
        MetadataReference.CreateFromFile(typeof(CSharpSession).Assembly.Location);

    /// <summary>The text of a cell that ran, by its label; null when there was none.</summary>
    public string? SourceOf(string label) => _sources.GetValueOrDefault(label);

    /// <summary>Compiles and runs C#.</summary>
    /// <param name="code">The C#; its lines are the lines of the cell.</param>
    /// <param name="label">What errors call the cell, for instance "cell 3".</param>
    /// <param name="cellText">The whole cell, to quote lines of.</param>
    /// <param name="cancellationToken">Ends the compilation; running code listens by itself.</param>
    public async Task<SubmissionOutcome> RunAsync(
        string code, string label, string cellText, CancellationToken cancellationToken)
    {
        _sources[label] = cellText;
        var (generation, before) = (Volatile.Read(ref _generation), _state);
        var options = _options.WithFilePath(label);
        ScriptState<object> after;
        try
        {
            var script = before is null
                ? CSharpScript.Create<object>(code, options, assemblyLoader: _loader)
                : before.Script.ContinueWith<object>(code, options);
            Compile(script, cancellationToken);
            // No ConfigureAwait(false): what follows belongs on the execution thread.
            after = before is null
                ? await script.RunAsync(null, static _ => true, cancellationToken)
                : await script.RunFromAsync(before, static _ => true, cancellationToken);
        }
        catch (CompilationErrorException exception)
        {
            var errors = exception.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)
                .Select(d => CellDiagnostic.From(d, cellText)).Distinct()
                .OrderBy(d => d.Line).ThenBy(d => d.Column);
            return new SubmissionOutcome(null, null, [.. errors]);
        }

        if (after.Exception is not null && before is not null)
        {
            KeepShadowedValues(before, after);
        }

        lock (_gate)
        {
            // A submission that was given up must not bring its state back when it ends after all.
            if (generation == _generation)
            {
                _state = after;
            }
        }

        return new SubmissionOutcome(after.ReturnValue, after.Exception, []);
    }

    /// <summary>Forgets the submission that is running: whatever it does later does not count.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _generation++;
        }
    }

    /// <summary>The newest declaration of each variable, sorted by name.</summary>
    public IReadOnlyList<NotebookVariable> Variables()
    {
        var newest = new SortedDictionary<string, ScriptVariable>(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in _state?.Variables ?? [])
        {
            newest[variable.Name] = variable;
        }

        return [.. newest.Values.Select(v => new NotebookVariable(v.Name, v.Type, v.Value))];
    }

    public NotebookVariable? FindVariable(string name) =>
        _state?.Variables.LastOrDefault(v => v.Name == name) is { } found
            ? new NotebookVariable(found.Name, found.Type, found.Value)
            : null;

    /// <summary>Compiles the next submission without running it: for completion, inspection and parameters.</summary>
    public (SyntaxTree Tree, SemanticModel Model) Probe(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ParseOptions);
        lock (BindingGate)
        {
            var previous = (CSharpCompilation?)_state?.Script.GetCompilation();
            var compilation = CSharpCompilation.CreateScriptCompilation(
                "probe",
                tree,
                previous?.References ?? _options.MetadataReferences,
                previous?.Options ?? new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary, usings: _options.Imports, allowUnsafe: true),
                previous,
                typeof(object));
            // Asking for the referenced assemblies binds them, here behind the gate.
            _ = compilation.SourceModule.ReferencedAssemblySymbols;
            return (tree, compilation.GetSemanticModel(tree));
        }
    }

    /// <summary>Compiles and runs a small program beside the session, so that the first cell finds a warm compiler.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        const string Dummy = "var a = Enumerable.Range(0, 3).Select(x => x + 1).ToArray(); a.Length";
        var script = CSharpScript.Create<object>(Dummy, _options, assemblyLoader: new InteractiveAssemblyLoader());
        Compile(script, cancellationToken);
        var first = await script.RunAsync(null, cancellationToken).ConfigureAwait(false);
        var next = first.Script.ContinueWith<object>("a.Sum()", _options);
        Compile(next, cancellationToken);
        await next.RunFromAsync(first, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _loader.Dispose();

    /// <summary>Compiles a submission; errors are thrown when it is run.</summary>
    private static void Compile(Script script, CancellationToken cancellationToken)
    {
        lock (BindingGate)
        {
            script.Compile(cancellationToken);
        }
    }

    // 'var x = Fails();' declares a new x that was never set. It would hide the x of an earlier cell, so it
    // takes that one's value, as if the failed line had not been there.
    private static void KeepShadowedValues(ScriptState<object> before, ScriptState<object> after)
    {
        foreach (var made in after.Variables.Skip(before.Variables.Length))
        {
            if (!made.IsReadOnly && IsDefault(made.Value) &&
                before.Variables.LastOrDefault(v => v.Name == made.Name) is { } old && old.Type == made.Type)
            {
                made.Value = old.Value;
            }
        }
    }

    private static bool IsDefault(object? value) =>
        value is null || (value is ValueType && value.Equals(Activator.CreateInstance(value.GetType())));
}
