using System.Text.RegularExpressions;
using Beamline.Notebook;

namespace Beamline.Packages;

/// <summary>One error of <c>dotnet restore</c> or <c>dotnet build</c>.</summary>
/// <param name="Code">For instance NU1101; empty when it has none.</param>
/// <param name="Message">The message, whose further lines are indented.</param>
internal sealed record RestoreError(string Code, string Message);

/// <summary>Says what went wrong in a restore in words that help.</summary>
internal static partial class RestoreErrors
{
    /// <summary>Reads the errors out of what dotnet wrote.</summary>
    public static IReadOnlyList<RestoreError> Read(string output)
    {
        var errors = new List<RestoreError>();
        foreach (Match match in ErrorLine().Matches(output))
        {
            var (code, text) = (match.Groups["code"].Value, match.Groups["text"].Value.TrimEnd());
            if (text.StartsWith(' ') && errors.Count > 0 && errors[^1].Code == code)
            {
                errors[^1] = errors[^1] with { Message = errors[^1].Message + "\n" + text };
            }
            else if (!errors.Any(e => e.Code == code && e.Message.Split('\n')[0] == text.Trim()))
            {
                errors.Add(new RestoreError(code, text.Trim()));
            }
        }

        return errors;
    }

    /// <summary>The exception for a failed restore.</summary>
    public static PackageException Explain(IReadOnlyList<RestoreError> errors, string output, RestoreQuestion question)
    {
        if (output.Contains("No .NET SDKs were found", StringComparison.Ordinal) ||
            output.Contains("A compatible .NET SDK was not found", StringComparison.Ordinal))
        {
            return DotNetProcess.NoSdk("There is no .NET SDK here.");
        }

        if (errors.Count == 0)
        {
            return new PackageException($"The restore of packages failed:\n{Tail(output)}");
        }

        // A missing package often comes with follow-ups; the first cause is told, the rest only if it is another package.
        var texts = errors.Select(e => (Text: Text(e, question), Request: RequestOf(e, question))).DistinctBy(t => t.Text).Take(3).ToList();
        return new PackageException(string.Join("\n", texts.Select(t => t.Text)), texts[0].Request?.Directive);
    }

    /// <summary>Up to three names near one that does not exist.</summary>
    public static IReadOnlyList<string> NearestIds(string id)
    {
        var known = PackageFolder.Ids().Concat(KnownPackages.Ids).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var found = new List<string>();
        while (found.Count < 3 && Suggestion.Nearest(id, known) is { } name)
        {
            found.Add(name);
            known.Remove(name);
        }

        return found;
    }

    private static string Text(RestoreError error, RestoreQuestion question)
    {
        var message = error.Message;
        switch (error.Code)
        {
            case "NU1101" when NotFound().Match(message) is { Success: true } match:
                var near = NearestIds(match.Groups["id"].Value);
                return $"There is no package {match.Groups["id"].Value}. Looked in {match.Groups["sources"].Value.TrimEnd('.', ' ')}" +
                    $" and {PackageFolder.Path}." + (near.Count > 0 ? $" Did you mean {string.Join(", ", near)}?" : "") +
                    " Other sources are added by #i \"nuget: FOLDER or URL\".";
            case "NU1102" or "NU1103" when VersionNotFound().Match(message) is { Success: true } match:
                var id = match.Groups["id"].Value;
                var here = PackageFolder.Versions(id);
                return $"{id} has no version {match.Groups["version"].Value.Trim('=', ' ')}." +
                    string.Concat(Offer().Matches(message).Select(m =>
                        $" In {m.Groups["source"].Value} are {m.Groups["count"].Value}, the nearest is {m.Groups["nearest"].Value}.")) +
                    (here.Count > 0 ? $" On this machine: {string.Join(", ", here.Take(10))}." : "") +
                    $" Without a version, #r \"nuget: {id}\" takes the newest release; \"nuget: {id}, *-*\" also a pre-release.";
            case "NU1202":
                return $"{message} Cells run on .NET 10 and use packages for net10.0 or older .NET and .NET Standard; take " +
                    "another version, or a package of the same purpose for .NET.";
            case "NU1109" or "NU1605" when Downgrade().Match(message) is { Success: true } match:
                return Conflict(match, message, question);
            case "NU1301":
                return $"A source does not answer: {message.Split('\n')[0]}{string.Concat(message.Split('\n').Skip(1).Take(1).Select(l => $" ({l.Trim()})"))} " +
                    $"Without a network, packages come from {PackageFolder.Path} and from folders added by #i \"nuget: FOLDER\"; " +
                    $"{string.Join(", ", question.Requests.Select(r => r.Title))} {(question.Requests.Count == 1 ? "is" : "are")} not all there.";
            case "" when message.Contains("NuGet.Config", StringComparison.OrdinalIgnoreCase):
                return $"{message} Mend or remove that file: every restore reads it.";
            default:
                return error.Code.Length > 0 ? $"{error.Code}: {message}" : message;
        }
    }

    private static string Conflict(Match match, string message, RestoreQuestion question)
    {
        var (id, wanted, pinned) = (match.Groups["id"].Value, match.Groups["from"].Value, match.Groups["to"].Value);
        var who = Needs().Match(message) is { Success: true } chain ? $" (needed by {chain.Groups["who"].Value.Trim()})" : "";
        return question.Pins.ContainsKey(id)
            ? $"{id} {pinned} is loaded in this session or held by the lock, and {wanted}{who} is asked for. A process can hold " +
              $"only one version: restart the kernel and ask for {id} {wanted} first, or take versions that go together."
            : $"{id} {pinned} is asked for, but {wanted} is needed{who}. Ask for {id} {wanted} or newer.";
    }

    private static PackageRequest? RequestOf(RestoreError error, RestoreQuestion question) =>
        question.Requests.FirstOrDefault(r => Regex.IsMatch(
            error.Message.Split('\n')[0], $@"(?<![\w.-]){Regex.Escape(r.Id)}(?![\w-]|\.\w)", RegexOptions.IgnoreCase)) ??
        (question.Requests.Count == 1 ? question.Requests[0] : null);

    private static string Tail(string output) =>
        string.Join('\n', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(8)).Trim();

    [GeneratedRegex(@"(?:^|: )error(?: (?<code>[A-Z]+\d+))?\s?: ?(?<text>.*?)(?:\s\[[^\[\]]*proj\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"Unable to find package (?<id>\S+?)\. No packages exist with this id in source\(s\): (?<sources>.*)")]
    private static partial Regex NotFound();

    [GeneratedRegex(@"Unable to find (?:a stable )?package (?<id>\S+) with version \((?<version>[^)]*)\)")]
    private static partial Regex VersionNotFound();

    [GeneratedRegex(@"- Found (?<count>\d+) version\(s\) in (?<source>.*?) \[ Nearest version: (?<nearest>\S+) \]")]
    private static partial Regex Offer();

    [GeneratedRegex(@"Detected package downgrade: (?<id>\S+) from (?<from>\S+) to (?:centrally defined )?(?<to>\S+?)\. ")]
    private static partial Regex Downgrade();

    [GeneratedRegex(@"^\s+\S+ -> (?<who>.*) -> ", RegexOptions.Multiline)]
    private static partial Regex Needs();
}
