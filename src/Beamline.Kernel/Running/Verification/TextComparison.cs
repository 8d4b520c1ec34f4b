using System.Globalization;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>Compares text: line ends do not count, and numbers may differ by a relative tolerance.</summary>
/// <param name="tolerance">Largest difference of two numbers as a part of the larger one; 0 compares text exactly.</param>
internal sealed partial class TextComparison(double tolerance)
{
    /// <summary>Where two texts first differ; null when they agree.</summary>
    public string? Difference(string before, string now)
    {
        var (old, made) = (Lines(before), Lines(now));
        for (var i = 0; i < Math.Min(old.Length, made.Length); i++)
        {
            if (!Agree(old[i], made[i]))
            {
                return $"line {i + 1} was '{Around(old[i], made[i])}', is '{Around(made[i], old[i])}'";
            }
        }

        return old.Length == made.Length ? null : $"{old.Length} lines are stored, {made.Length} were made";
    }

    public bool AreClose(double a, double b) =>
        a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b));

    private bool Agree(string before, string now)
    {
        if (before == now)
        {
            return true;
        }

        if (tolerance == 0 || Number().Replace(before, "#") != Number().Replace(now, "#"))
        {
            return false;
        }

        return Number().Matches(before).Zip(Number().Matches(now)).All(pair => AreClose(Value(pair.First), Value(pair.Second)));
    }

    private static double Value(Match number) => double.Parse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    /// <summary>A long line around the place where it begins to differ.</summary>
    private static string Around(string line, string other)
    {
        const int Shown = 80;
        if (line.Length <= Shown)
        {
            return line;
        }

        var start = Math.Max(0, line.AsSpan().CommonPrefixLength(other) - (Shown / 2));
        var end = Math.Min(line.Length, start + Shown);
        return $"{(start > 0 ? "…" : "")}{line[start..end]}{(end < line.Length ? "…" : "")}";
    }

    // Not inside a word or a version: x86 and 1.2.3 are names, and names do not have tolerances.
    [GeneratedRegex(@"(?<![\w.])[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)")]
    private static partial Regex Number();
}
