namespace Beamline.Kernel;

/// <summary>Completes <c>#r "..."</c>, <c>#load "..."</c> and <c>#i "..."</c>: packages, versions, files.</summary>
internal sealed class DirectiveCompleter(PackageNames packages)
{
    private const string Nuget = "nuget:";
    private const int MostPackages = 100;

    private static readonly (string Text, string What)[] Directives =
    [
        ("#r \"nuget: ", "a package"), ("#r \"", "an assembly"), ("#load \"", "a C# script"), ("#i \"nuget: ", "a package source"),
        ("#region", "folds lines"), ("#endregion", "ends #region"), ("#if", "compiles lines when a symbol is defined"),
        ("#else", "otherwise"), ("#elif", "otherwise if"), ("#endif", "ends #if"), ("#define", "defines a symbol"),
        ("#undef", "forgets a symbol"), ("#nullable", "null checks: enable, disable or restore"),
        ("#pragma warning disable", "hides warnings"), ("#pragma warning restore", "shows warnings again"),
        ("#error", "fails here"), ("#warning", "warns here"),
    ];

    /// <returns>What may be typed, or null when the line up to the cursor is no directive.</returns>
    public CompletionList? Complete(string code, int place)
    {
        var lineStart = place == 0 ? 0 : code.LastIndexOf('\n', place - 1) + 1;
        var line = code[lineStart..place];
        var lead = line.Length - line.TrimStart().Length;
        if (DirectiveLine.Of(line) is { } directive)
        {
            // A closed quote ends what can be completed.
            return lineStart + directive.TextStart + directive.Text.Length < place
                ? CompletionList.None(place)
                : InText(directive, lineStart + directive.TextStart, place);
        }

        var typed = line[lead..];
        return typed.StartsWith('#') && !typed.StartsWith("#!", StringComparison.Ordinal) && !typed.Contains('"', StringComparison.Ordinal)
            ? new CompletionList(
                [.. Directives.Where(d => d.Text.StartsWith(typed, StringComparison.Ordinal))
                    .Select(d => new CompletionItem(d.Text, "keyword") { Signature = d.What })],
                lineStart + lead,
                place)
            : null;
    }

    private CompletionList InText(DirectiveLine directive, int start, int place)
    {
        var text = directive.Text;
        if (directive.Name == "r" && text.StartsWith(Nuget, StringComparison.OrdinalIgnoreCase))
        {
            var comma = text.IndexOf(',', StringComparison.Ordinal);
            var from = comma < 0 ? Nuget.Length : comma + 1;
            from += text.Length - from - text[from..].TrimStart().Length;
            var typed = text[from..];
            return comma < 0
                ? List(packages.Names(typed, MostPackages), "package", start + from, place)
                : List(
                    packages.Versions(text[Nuget.Length..comma].Trim()).Where(v => v.StartsWith(typed, StringComparison.OrdinalIgnoreCase)),
                    "version", start + from, place);
        }

        if (directive.Name == "i")
        {
            if (!text.StartsWith(Nuget, StringComparison.OrdinalIgnoreCase))
            {
                return List(new[] { Nuget + " " }.Where(t => t.StartsWith(text, StringComparison.OrdinalIgnoreCase)), "keyword", start, place);
            }

            var from = Nuget.Length;
            from += text.Length - from - text[from..].TrimStart().Length;
            return Paths(text[from..], start + from, place, ".config");
        }

        const string Project = "project:";
        if (directive.Name == "r" && text.StartsWith(Project, StringComparison.OrdinalIgnoreCase))
        {
            var from = Project.Length;
            from += text.Length - from - text[from..].TrimStart().Length;
            return Paths(text[from..], start + from, place, ".csproj");
        }

        var paths = directive.Name == "r" ? Paths(text, start, place, ".dll") : Paths(text, start, place, ".csx", ".cs");
        return directive.Name == "r" && "nuget:".StartsWith(text, StringComparison.OrdinalIgnoreCase)
            ? paths with { Items = [new CompletionItem(Nuget + " ", "keyword") { Signature = "a package" }, .. paths.Items] }
            : paths;
    }

    private static CompletionList Paths(string typed, int start, int place, params string[] extensions) => new(
        [.. PathCompleter.Names(typed, extensions).Select(entry => new CompletionItem(entry.Name, "path")
        {
            Signature = PathCompleter.Describe(entry.IsFolder, entry.Size),
        })],
        start + PathCompleter.NameStart(typed),
        place);

    private static CompletionList List(IEnumerable<string> texts, string kind, int start, int place) =>
        new([.. texts.Select(text => new CompletionItem(text, kind))], start, place);
}
