using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;
using RoslynItem = Microsoft.CodeAnalysis.Completion.CompletionItem;

namespace Beamline.Kernel;

/// <summary>
/// Completion by Roslyn's editor features: one project for each submission, and one document for what is being typed,
/// whose text is replaced. A new project for each request would cost a second and never be freed.
/// </summary>
internal class FeaturesTier(CSharpSession session) : IDisposable
{
    // Older cells are left to the light tier: each project keeps a compilation of its own.
    private const int MostKept = 200;
    private const int KeptWhenCut = 100;
    private const int MostOffered = 500;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly AdhocWorkspace _workspace = new(MefHostServices.DefaultHost);
    private readonly List<(CSharpCompilation Submission, ProjectId Project)> _chain = [];
    private DocumentId? _document;

    /// <returns>What may be typed, or null while another request is being answered.</returns>
    public virtual async Task<CompletionList?> CompleteAsync(string code, int place, CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            var document = Open(code);
            if (CompletionService.GetService(document) is not { } service)
            {
                return null;
            }

            var list = await service.GetCompletionsAsync(document, place, cancellationToken: cancellationToken).ConfigureAwait(false);
            var typed = code[Math.Min(list.Span.Start, place)..place];
            IReadOnlyList<RoslynItem> items = typed.Length == 0 ? list.ItemsList : service.FilterItems(document, [.. list.ItemsList], typed);
            return new CompletionList(
                [.. items.Where(IsPlainText).Take(MostOffered).Select(item => new CompletionItem(item.DisplayText, Kind(item))
                {
                    Signature = item.InlineDescription,
                })],
                list.ItemsList.Count > 0 ? list.Span.Start : place,
                place);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    // What would change text elsewhere, too, cannot be said in a Jupyter reply.
    private static bool IsPlainText(RoslynItem item) =>
        !item.IsComplexTextEdit && item.DisplayTextSuffix is "" or "<>" && !item.DisplayText.Contains(' ', StringComparison.Ordinal);

    private static string Kind(RoslynItem item) => item.Tags.FirstOrDefault() switch
    {
        "Method" or "ExtensionMethod" => "function",
        "Property" or "Event" => "property",
        "Namespace" => "module",
        "Keyword" => "keyword",
        "Interface" => "interface",
        "Enum" or "EnumMember" => "enum",
        "Class" or "Structure" or "Delegate" or "TypeParameter" => "class",
        "Parameter" => "param",
        _ => "instance",
    };

    private Document Open(string code)
    {
        Follow();
        var solution = _workspace.CurrentSolution;
        if (_document is null)
        {
            var project = ProjectId.CreateNewId();
            _document = DocumentId.CreateNewId(project);
            solution = solution.AddProject(Describe(project, "typing", session.LastCompilation, _chain.Count > 0 ? _chain[^1].Project : null))
                .AddDocument(_document, "typing.csx", SourceText.From(code));
        }
        else
        {
            solution = solution.WithDocumentText(_document, SourceText.From(code));
        }

        _workspace.TryApplyChanges(solution);
        return _workspace.CurrentSolution.GetDocument(_document)!;
    }

    /// <summary>Adds the submissions that ran since the last request.</summary>
    private void Follow()
    {
        var fresh = new List<CSharpCompilation>();
        var submission = session.LastCompilation;
        while (submission is not null && fresh.Count <= MostKept && (_chain.Count == 0 || submission != _chain[^1].Submission))
        {
            fresh.Add(submission);
            submission = submission.ScriptCompilationInfo?.PreviousScriptCompilation;
        }

        var isSame = submission is null ? _chain.Count == 0 : _chain.Count > 0 && submission == _chain[^1].Submission;
        if (fresh.Count == 0 && isSame)
        {
            return;
        }

        var solution = _workspace.CurrentSolution;
        if (!isSame || _chain.Count + fresh.Count > MostKept)
        {
            var all = isSame ? _chain.Select(c => c.Submission).Concat(fresh.AsEnumerable().Reverse()) : fresh.AsEnumerable().Reverse();
            fresh = [.. all.TakeLast(KeptWhenCut).Reverse()];
            foreach (var (_, project) in _chain)
            {
                solution = solution.RemoveProject(project);
            }

            _chain.Clear();
        }

        if (_document is not null)
        {
            solution = solution.RemoveProject(_document.ProjectId);
            _document = null;
        }

        foreach (var next in fresh.AsEnumerable().Reverse())
        {
            var project = ProjectId.CreateNewId();
            solution = solution.AddProject(Describe(project, $"cell{_chain.Count}", next, _chain.Count > 0 ? _chain[^1].Project : null))
                .AddDocument(DocumentId.CreateNewId(project), "cell.csx", next.SyntaxTrees[^1].GetText());
            _chain.Add((next, project));
        }

        _workspace.TryApplyChanges(solution);
    }

    private ProjectInfo Describe(ProjectId project, string name, CSharpCompilation? like, ProjectId? previous)
    {
        // Before the first cell, an empty one tells what cells are compiled with.
        like ??= (CSharpCompilation)session.Probe("").Model.Compilation;
        return ProjectInfo.Create(
            project, VersionStamp.Create(), name, name, LanguageNames.CSharp,
            compilationOptions: previous is null ? like.Options.WithUsings(session.Usings) : like.Options,
            parseOptions: CSharpSession.ParseOptions,
            projectReferences: previous is null ? [] : [new ProjectReference(previous)],
            metadataReferences: previous is null ? ChainReferences.Of(like) : like.References.OfType<PortableExecutableReference>(),
            isSubmission: true,
            hostObjectType: null);
    }
}
