namespace Beamline.Kernel;

/// <summary>One thing that may be typed at the cursor.</summary>
/// <param name="Text">What takes the place of the word at the cursor.</param>
/// <param name="Kind">"function", "class", "keyword", "path" and so on; front ends choose an icon by it.</param>
internal sealed record CompletionItem(string Text, string Kind)
{
    /// <summary>Parameters and type, or one line of explanation.</summary>
    public string Signature { get; init; } = "";
}

/// <summary>What may replace a part of the text. Places are UTF-16 units.</summary>
internal sealed record CompletionList(IReadOnlyList<CompletionItem> Items, int Start, int End)
{
    public static CompletionList None(int place) => new([], place, place);
}

/// <summary>Answers what may be typed, and what a name means. A fuller one can take the place of the light one.</summary>
/// <remarks>Called from any thread, also while a cell runs. No user code is run.</remarks>
internal interface ICodeAssistant
{
    CompletionList Complete(string code, int place);

    /// <param name="code">The cell.</param>
    /// <param name="place">The cursor, in UTF-16 units.</param>
    /// <param name="detail">0 for a summary; 1 for all overloads, remarks and the source of functions of cells.</param>
    /// <returns>A description, or null when there is nothing to describe.</returns>
    Inspection? Inspect(string code, int place, int detail = 0);
}
