using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// A chain of C# submissions that see each other's variables. Runs on whatever thread calls it;
/// one submission at a time.
/// </summary>
internal sealed partial class CSharpSession
{
    private static readonly string[] BasicUsings =
    [
        "System", "System.IO", "System.Linq", "System.Collections.Generic", "System.Globalization",
        "System.Numerics", "System.Text", "System.Threading", "System.Threading.Tasks",

        // A class as a using is 'using static': its functions work in methods and types of cells, too, which
        // members of a globals object do not.
        typeof(CellGlobals).FullName!,

        // The names that notebooks of .NET Interactive use: HTML(...), x.Display(), Formatter.Register.
        typeof(Interactive.Kernel).Namespace!, typeof(Interactive.Kernel).FullName!,
    ];

    // Two compilations that bind the shared references at the same time each make symbols of their own for one assembly,
    // and later submissions then find every function of the notebook twice (CS0121). One at a time, in the whole process.
    private static readonly Lock BindingGate = new();

    private static int _lastSubmission;

    private readonly SubmissionContext _context = new();
    private readonly Lazy<SubmissionSettings> _settings;
    private readonly CellLibraries _libraries;
    private readonly ConcurrentDictionary<string, string> _sources = new();
    private readonly Lock _gate = new();

    private volatile SessionState? _state;
    private int _generation;
    private NextSubmission? _next;

    // References that came after the start, in order. A submission names only those that its chain does not know yet:
    // Roslyn hands them on to later ones, and a submission that fails must not lose them.
    private volatile IReadOnlyList<MetadataReference> _added = [];
    private int _addedToState;
    private int _usingsToState;
    private IReadOnlyList<MetadataReference> _librariesToState = [];

    public CSharpSession(IEnumerable<Assembly> assemblies, IEnumerable<string> usings)
    {
        Assembly[] own = [typeof(CSharpSession).Assembly, typeof(INotebookContext).Assembly, .. assemblies];
        foreach (var assembly in own.Distinct())
        {
            _context.Know(assembly);
        }

        Usings = [.. BasicUsings.Concat(usings).Distinct()];

        // Not before it is needed: a front end waits for the kernel's first answer, and this reads two hundred files.
        _settings = new Lazy<SubmissionSettings>(() =>
        {
            // The kernel's own dependencies (compiler, sockets) are no business of cells, so they are not followed.
            var kernel = SessionReferences.Of(typeof(CSharpSession).Assembly);
            return new SubmissionSettings(
                [.. SessionReferences.For(own.Distinct().Where(a => a != typeof(CSharpSession).Assembly)), kernel], kernel, LoadedFiles);
        });
        _libraries = new CellLibraries(_settings);
    }

    /// <summary>How cells are parsed.</summary>
    public static CSharpParseOptions ParseOptions => SubmissionSettings.ParseOptions;

    /// <summary>Namespaces that are open in every cell.</summary>
    public IReadOnlyList<string> Usings { get; private set; }

    /// <summary>The files that cells take in by #load.</summary>
    public LoadedFiles LoadedFiles { get; } = new();

    /// <summary>The text of a cell that ran, by its label; null when there was none.</summary>
    public string? SourceOf(string label) => _sources.GetValueOrDefault(label) ?? LoadedFiles.TextOf(label);

    /// <summary>Makes libraries known to all further submissions.</summary>
    /// <param name="assemblies">The loaded assemblies, so that submissions get these and no second copy.</param>
    /// <param name="compileAgainst">The files that the compiler reads.</param>
    public void AddReferences(IEnumerable<Assembly> assemblies, IEnumerable<string> compileAgainst)
    {
        foreach (var assembly in assemblies)
        {
            _context.Know(assembly);
        }

        lock (_gate)
        {
            var known = Settings.References.Concat(_added).Select(r => r.Display).ToHashSet();
            _added = [.. _added, .. SessionReferences.Of(compileAgainst).Where(r => known.Add(r.Display))];
        }
    }

    /// <summary>Opens namespaces in all further submissions.</summary>
    public void AddUsings(IEnumerable<string> names) => Usings = [.. Usings.Concat(names).Distinct()];

    /// <summary>Compiles and runs C#.</summary>
    /// <param name="code">The C#; its lines are the lines of the cell.</param>
    /// <param name="label">What errors call the cell, for instance "cell 3".</param>
    /// <param name="cellText">The whole cell, to quote lines of.</param>
    /// <param name="cancellationToken">Ends the compilation; running code listens by itself.</param>
    /// <param name="warned">Hears the compiler's warnings, before the code runs.</param>
    public async Task<SubmissionOutcome> RunAsync(
        string code,
        string label,
        string cellText,
        CancellationToken cancellationToken,
        Action<IReadOnlyList<CellDiagnostic>>? warned = null)
    {
        _sources[label] = cellText;
        var (generation, before) = (Volatile.Read(ref _generation), _state);
        var (added, usings) = (_added, Usings);
        NewLibraries? types = null;
        var loaded = ImmutableDictionary<string, string>.Empty;
        if (Split(code, label) is { } split)
        {
            types = CompileTypes(split.Types, cancellationToken);
            if (types.Compiled.Compilation is null)
            {
                return Explained(Failed(types.Compiled, cellText));
            }

            warned?.Invoke(Warnings(types.Compiled, cellText));
            (code, loaded) = (split.Rest, split.Loaded);
        }

        IReadOnlyList<MetadataReference> libraries = [.. (types?.All ?? _libraries.All).Select(l => l.Reference)];
        var compiled = (types is null ? TakePrepared(code, before) : null) ?? Compile(
            code,
            label,
            before?.Compilation,
            // A submission inherits what the one before it refers to and opens. Naming all of it anew costs memory that
            // grows with the square of the cells: 6 GB after a thousand.
            before is null ? [.. Settings.References, .. added, .. libraries] : [.. added.Skip(_addedToState), .. libraries.Except(_librariesToState)],
            before is null ? usings : [.. usings.Skip(_usingsToState)],
            cancellationToken,
            loaded);
        if (compiled.Compilation is null)
        {
            return Failed(compiled, cellText);
        }

        warned?.Invoke(Warnings(compiled, cellText));
        if (types is not null)
        {
            TakeOver(types);
        }

        // No ConfigureAwait(false): what follows belongs on the execution thread.
        var (outer, mine) = (_running, (Func<SessionState>?)null);
        var (after, value, thrown) = await SessionState.RunAsync(
            before, compiled, _context, cancellationToken, running => _running = mine = running);
        if (_running == mine)
        {
            _running = outer;
        }

        if (thrown is not null && before is not null)
        {
            KeepShadowedValues(before, after);
        }

        lock (_gate)
        {
            // A submission that was given up must not bring its state back when it ends after all.
            if (generation == _generation)
            {
                _state = after;
                (_addedToState, _usingsToState, _librariesToState) = (added.Count, usings.Count, libraries);
            }
        }

        return new SubmissionOutcome(value, thrown, []);
    }

    private SubmissionOutcome Failed(CompiledSubmission compiled, string cell)
    {
        var errors = CellDiagnostic.From(compiled.Diagnostics, DiagnosticSeverity.Error, cell, LoadedFiles.TextOf);
        return new SubmissionOutcome(null, null, errors.Count > 0 ? errors : [CellDiagnostic.TooComplex(compiled.TooDeep, cell)]);
    }

    private IReadOnlyList<CellDiagnostic> Warnings(CompiledSubmission compiled, string cell) =>
        CellDiagnostic.From(compiled.Diagnostics, DiagnosticSeverity.Warning, cell, LoadedFiles.TextOf);

    /// <summary>Forgets the submission that is running: whatever it does later does not count.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _generation++;
        }
    }

    /// <summary>Forgets all submissions. No submission may be running.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _generation++;
            _state = null;
            (_addedToState, _usingsToState, _librariesToState) = (0, 0, []);
        }

        _libraries.Clear();
        _sources.Clear();
    }

    /// <summary>Makes cells use an assembly that is loaded instead of loading its file once more.</summary>
    public void Know(Assembly assembly) => _context.Know(assembly);

    /// <summary>The newest declaration of each variable, sorted by name.</summary>
    public IReadOnlyList<NotebookVariable> Variables()
    {
        var newest = new SortedDictionary<string, SessionVariable>(StringComparer.OrdinalIgnoreCase);
        foreach (var variable in _state?.Variables ?? [])
        {
            newest[variable.Name] = variable;
        }

        return [.. newest.Values.Select(v => new NotebookVariable(v.Name, v.Type, v.IsHere ? v.Value : null))];
    }

    public NotebookVariable? FindVariable(string name) =>
        _state?.Find(name) is { } found
            ? new NotebookVariable(found.Name, found.Type, found.Value)
            : null;

    /// <summary>The compilation of the submission that ran last; null before the first.</summary>
    public CSharpCompilation? LastCompilation => _state?.Compilation;

    /// <summary>A submission that follows another one, to look into and never to run.</summary>
    public CSharpCompilation Submission(SyntaxTree tree, CSharpCompilation? previous) => Unrun("graph", tree, previous);

    /// <summary>Compiles the next submission without running it: for completion, inspection and parameters.</summary>
    public (SyntaxTree Tree, SemanticModel Model) Probe(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ParseOptions);
        return (tree, Unrun("probe", tree, LastCompilation).GetSemanticModel(tree));
    }

    /// <summary>Compiles and runs a small program beside the session, so that the first cell finds a warm compiler.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        const string Dummy = "var a = Enumerable.Range(0, 3).Select(x => x + 1).ToArray(); a.Length";
        var context = new SubmissionContext();
        context.Know(typeof(CSharpSession).Assembly);
        var first = Compile(Dummy, "warm-up", null, Settings.References, Usings, cancellationToken);
        var (state, _, _) = await SessionState.RunAsync(null, first, context, cancellationToken).ConfigureAwait(false);
        var next = Compile("a.Sum()", "warm-up", first.Compilation, [], [], cancellationToken);
        await SessionState.RunAsync(state, next, context, cancellationToken).ConfigureAwait(false);
        if (_state is null)
        {
            _next = Next(null, [.. Settings.References, .. _added], Usings);
            _next.Begin();
        }
    }

    private SubmissionSettings Settings => _settings.Value;

    private CSharpCompilation Unrun(
        string name, SyntaxTree tree, CSharpCompilation? previous, IReadOnlyList<CellLibrary>? libraries = null)
    {
        lock (BindingGate)
        {
            return Bound(Settings.Compilation(
                name,
                tree,
                previous,
                (previous?.References ?? Settings.References).Concat(_added).Concat((libraries ?? _libraries.All).Select(l => l.Reference)),
                previous is null ? Usings : []));
        }
    }

    private CompiledSubmission Compile(
        string code,
        string label,
        CSharpCompilation? previous,
        IReadOnlyList<MetadataReference> references,
        IReadOnlyList<string> usings,
        CancellationToken cancellationToken,
        ImmutableDictionary<string, string>? files = null)
    {
        var taken = Interlocked.Exchange(ref _next, null);
        var next = taken?.Fits(previous, references, usings) == true ? taken : Next(previous, references, usings);

        // Outside the gate, which making it needs.
        var empty = next.Empty;
        CompiledSubmission compiled;
        lock (BindingGate)
        {
            compiled = SubmissionCompiler.Compile(code, Make, cancellationToken);
        }

        // Its name is used up when there is something to load.
        _next = compiled.Compilation is { } done ? Next(done, [], []) : next;
        _next.Begin();
        return compiled;

        CSharpCompilation Make(string text, ImmutableDictionary<string, string> loaded)
        {
            var tree = SubmissionSettings.Parse(text, label);
            var all = files?.SetItems(loaded) ?? loaded;
            return empty is not null && all.IsEmpty && !SubmissionSettings.IsLong(tree)
                ? empty.AddSyntaxTrees(tree)
                : Settings.Compilation(NameOf(next), tree, previous, references, usings, all, NameOf(next));
        }
    }

    private NextSubmission Next(
        CSharpCompilation? previous, IReadOnlyList<MetadataReference> references, IReadOnlyList<string> usings) =>
        new(Interlocked.Increment(ref _lastSubmission), previous, references, usings, next =>
        {
            lock (BindingGate)
            {
                return Bound(Settings.Compilation(NameOf(next), null, previous, references, usings, null, NameOf(next)));
            }
        });

    // The names that Roslyn's own scripts have: they stand in the names of types that a cell declares.
    private static string NameOf(NextSubmission next) => $"Submission#{next.Number}";

    // Asking for the referenced assemblies binds them.
    private static CSharpCompilation Bound(CSharpCompilation compilation)
    {
        _ = compilation.SourceModule.ReferencedAssemblySymbols;
        return compilation;
    }

    // 'var x = Fails();' declares a new x that was never set. It would hide the x of an earlier cell, so it
    // takes that one's value, as if the failed line had not been there.
    private static void KeepShadowedValues(SessionState before, SessionState after)
    {
        foreach (var made in after.Own)
        {
            if (!made.IsReadOnly && IsDefault(made.Value) && before.Find(made.Name) is { } old && old.Type == made.Type)
            {
                made.Value = old.Value;
            }
        }
    }

    private static bool IsDefault(object? value) =>
        value is null || (value is ValueType && value.Equals(Activator.CreateInstance(value.GetType())));
}
