using System.Text.RegularExpressions;

namespace Beamline.Remote.Slurm;

/// <summary>Words for a shell, so that it takes them as they are.</summary>
internal static partial class Shell
{
    /// <exception cref="EndpointException">The word has a line break, which some login shells do not take in quotes.</exception>
    public static string Quote(string word)
    {
        if (word.Any(c => c is '\n' or '\r' or '\0'))
        {
            throw new EndpointException($"\"{word.ReplaceLineEndings(" ").Replace('\0', ' ')}\" has a line break in it, which a command cannot have.");
        }

        return Bare().IsMatch(word) ? word : "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
    }

    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    [GeneratedRegex(@"^[A-Za-z0-9_./:,@%+-][A-Za-z0-9_./:,@%+=-]*\z")]
    private static partial Regex Bare();
}
