namespace Beamline.Kernel;

/// <summary>One thing that may be typed at the cursor.</summary>
internal sealed record CompletionItem(string Text, string Kind);

/// <summary>What may replace a part of the text. Places are UTF-16 units.</summary>
internal sealed record CompletionList(IReadOnlyList<CompletionItem> Items, int Start, int End);

/// <summary>Answers what may be typed, and what a name means. A fuller one can take the place of the light one.</summary>
internal interface ICodeAssistant
{
    CompletionList Complete(string code, int place);

    /// <returns>A description as text, or null when there is nothing to describe.</returns>
    string? Inspect(string code, int place);
}
