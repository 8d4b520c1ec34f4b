using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Languages that a cell, or the rest of one after a line such as <c>#!html</c>, can be in.</summary>
internal static class CellLanguages
{
    public const string CSharp = "csharp";

    /// <summary>What this kernel can do something with, by all names that notebooks use.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [CSharp] = CSharp, ["c#"] = CSharp,
        ["html"] = "html",
        ["markdown"] = "markdown", ["md"] = "markdown",
        ["javascript"] = "javascript", ["js"] = "javascript",
        ["mermaid"] = "mermaid",
        ["value"] = "value",
    };

    /// <summary>Languages of .NET Interactive that this kernel does not run, and how a reader calls them.</summary>
    private static readonly Dictionary<string, string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        ["fsharp"] = "F#", ["f#"] = "F#",
        ["pwsh"] = "PowerShell", ["powershell"] = "PowerShell",
        ["sql"] = "SQL", ["kql"] = "KQL", ["http"] = "HTTP requests", ["httprequest"] = "HTTP requests",
        ["python"] = "Python", ["r"] = "R", ["vb"] = "Visual Basic", ["bash"] = "Bash",
    };

    /// <summary>The one name of a language that this kernel knows, or null.</summary>
    public static string? Canonical(string name) => Known.GetValueOrDefault(name);

    /// <summary>How a reader calls a language that this kernel does not run; null for all other names.</summary>
    public static string? MissingName(string name) => Missing.GetValueOrDefault(name);

    /// <summary>Whether a magic line says in which language the lines after it are.</summary>
    public static bool IsSwitch(string line) => MagicParser.IsMagic(line) && MagicParser.NameOf(line) is var name &&
        (Known.ContainsKey(name) || Missing.ContainsKey(name));

    /// <summary>Whether the lines after a magic line are not C#.</summary>
    public static bool StartsText(string line) => IsSwitch(line) && Canonical(MagicParser.NameOf(line)) != CSharp;

    /// <summary>A magic line with the one name of its language.</summary>
    public static string Normalize(string line) =>
        MagicParser.NameOf(line) is var name && Canonical(name) is { } canonical && canonical != name
            ? "#!" + canonical + line[(2 + name.Length)..]
            : line;

    /// <summary>What a user is told about a language that this kernel does not run.</summary>
    public static string Advice(string language) =>
        $"This kernel runs C#; {language} it does not. Write it in C#, run it in a notebook of its own, or tag the cell skip-execution.";

    /// <summary>The language that the metadata of a cell name, as .NET Interactive and VS Code write them; null when they name none.</summary>
    public static string? Of(NotebookCell cell) =>
        Text(cell.Metadata["polyglot_notebook"], "kernelName") ??
        Text(cell.Metadata["dotnet_interactive"], "language") ??
        (Text(cell.Metadata["vscode"], "languageId") is { } id && (Known.ContainsKey(id) || Missing.ContainsKey(id)) ? id : null);

    /// <summary>The text of a code cell as this kernel runs it: one in another language starts with the line that says so.</summary>
    public static string SourceOf(NotebookCell cell) =>
        Of(cell) is { } language && !language.Equals(CSharp, StringComparison.OrdinalIgnoreCase) &&
        Canonical(language) != CSharp && !IsSwitch(cell.Source.Split('\n')[0])
            ? $"#!{language}\n{cell.Source}"
            : cell.Source;

    private static string? Text(JsonNode? node, string name) =>
        node is JsonObject map && map[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : null;
}
