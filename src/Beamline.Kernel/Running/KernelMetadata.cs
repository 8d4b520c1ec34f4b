using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>What notebooks say about the kernel and its language.</summary>
internal static class KernelMetadata
{
    public const string KernelName = "beamline";
    public const string DisplayName = "C# (Beamline)";

    public static JsonObject LanguageInfo() => new()
    {
        ["name"] = "C#",
        ["version"] = "14.0",
        ["mimetype"] = "text/x-csharp",
        ["file_extension"] = ".cs",
        ["pygments_lexer"] = "csharp",
        ["codemirror_mode"] = "text/x-csharp",
    };

    /// <summary>Adds what a notebook misses, and leaves what it has.</summary>
    public static void Complete(NotebookDocument document)
    {
        document.Metadata["language_info"] ??= LanguageInfo();
        document.Metadata["kernelspec"] ??= new JsonObject
        {
            ["display_name"] = DisplayName, ["language"] = "C#", ["name"] = KernelName,
        };
    }
}
