using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>A line <c>#r "..."</c>, <c>#load "..."</c> or <c>#i "..."</c>.</summary>
/// <param name="Name">r, load or i.</param>
/// <param name="Text">What stands between the quotes.</param>
/// <param name="TextStart">Where it starts in the line.</param>
internal sealed partial record DirectiveLine(string Name, string Text, int TextStart)
{
    /// <summary>True for what the compiler does not know: packages, projects and sources.</summary>
    public bool IsOfKernel => Name == "i" || (Name == "r" &&
        (Text.TrimStart().StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) ||
            Text.TrimStart().StartsWith("project:", StringComparison.OrdinalIgnoreCase)));

    /// <returns>The directive, or null when the line is none.</returns>
    public static DirectiveLine? Of(string line)
    {
        var match = Pattern().Match(line);
        return match.Success
            ? new DirectiveLine(match.Groups["name"].Value, match.Groups["text"].Value, match.Groups["text"].Index)
            : null;
    }

    [GeneratedRegex("^\\s*#\\s*(?<name>r|load|i)\\s*\"(?<text>[^\"]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
