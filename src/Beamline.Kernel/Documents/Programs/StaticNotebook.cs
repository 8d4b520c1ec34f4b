using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// A notebook that is compiled cell by cell and never run: magic commands that write C# find the types of its variables in
/// it, and what they write is caught.
/// </summary>
internal sealed class StaticNotebook : INotebookContext
{
    private readonly List<string> _lines = [];
    private readonly NotebookKernel _kernel;
    private CSharpCompilation _last;

    public StaticNotebook(NotebookKernel kernel)
    {
        _kernel = kernel;
        _last = (CSharpCompilation)kernel.Session.Probe("").Model.Compilation;
    }

    public CancellationToken CancellationToken => CancellationToken.None;

    public string WorkingFolder => Directory.GetCurrentDirectory();

    public IReadOnlyList<MagicDescriptor> Commands => [.. _kernel.Commands.Select(c => c.Descriptor)];

    public IReadOnlyList<NotebookVariable> Variables
    {
        get
        {
            var found = new Dictionary<string, NotebookVariable>(StringComparer.Ordinal);
            for (var c = _last; c is not null; c = c.ScriptCompilationInfo?.PreviousScriptCompilation)
            {
                foreach (var made in c.ScriptClass?.GetMembers().OfType<IFieldSymbol>() ?? [])
                {
                    found.TryAdd(made.Name, new NotebookVariable(made.Name, TypeOf(made.Type) ?? typeof(object), null));
                }
            }

            return [.. found.Values];
        }
    }

    public NotebookVariable? FindVariable(string name) => Variables.FirstOrDefault(v => v.Name == name);

    /// <summary>Compiles the next piece; one with errors is not seen by those after it.</summary>
    public SemanticModel Add(SyntaxTree tree)
    {
        var next = CSharpCompilation.CreateScriptCompilation(
            "piece", tree, _last.References, _last.Options, _last, typeof(object));
        var model = next.GetSemanticModel(tree);
        if (TypeSplit.Of(tree.ToString()) is { } split)
        {
            // What goes into a library is not looked into; the rest of the cell counts.
            next = next.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(split.Rest, CSharpSession.ParseOptions));
        }

        if (!next.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            _last = next;
        }

        return model;
    }

    /// <summary>The C# that a magic line stands for.</summary>
    /// <exception cref="MagicException">It stands for none, or cannot be written without running the notebook.</exception>
    public string Translate(string line)
    {
        var command = MagicParser.Find(line, _kernel.Commands);
        var arguments = MagicParser.Parse(line + " --show-code", command.Descriptor);
        if (command is not (CodeMagic or SetCommand))
        {
            throw new MagicException("it acts on the notebook itself");
        }

        _lines.Clear();
        if (command is SetCommand set)
        {
            _lines.Add(SetCommand.Code(arguments, name => FindVariable(name) is not null));
        }
        else
        {
            command.InvokeAsync(arguments, this).GetAwaiter().GetResult();
        }

        return string.Join('\n', _lines);
    }

    public void WriteLine(string line) => _lines.Add(line);

    public Task<object?> RunCodeAsync(string code) => throw new MagicException("it needs a notebook that runs");

    public IDisplayHandle Display(object? value) => throw new MagicException("it needs a notebook that runs");

    private static Type? TypeOf(ITypeSymbol symbol) => symbol switch
    {
        IArrayTypeSymbol array => TypeOf(array.ElementType) is not { } element ? null
            : array.Rank == 1 ? element.MakeArrayType() : element.MakeArrayType(array.Rank),
        INamedTypeSymbol { IsGenericType: true } generic => Named(generic.ConstructedFrom) is { } open &&
            generic.TypeArguments.Select(TypeOf).ToArray() is var arguments && arguments.All(a => a is not null) &&
            open.GetGenericArguments().Length == arguments.Length
            ? open.MakeGenericType(arguments!)
            : null,
        INamedTypeSymbol named => Named(named),
        _ => null,
    };

    private static Type? Named(INamedTypeSymbol symbol)
    {
        if (symbol.ContainingAssembly is null)
        {
            return null;
        }

        var name = symbol.MetadataName;
        for (var outer = symbol.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = outer.MetadataName + "+" + name;
        }

        var space = symbol.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() + "." : "";
        return Type.GetType($"{space}{name}, {symbol.ContainingAssembly.Identity.GetDisplayName()}", throwOnError: false);
    }
}
