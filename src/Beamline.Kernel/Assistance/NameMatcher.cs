namespace Beamline.Kernel;

/// <summary>How well a name fits what was typed: as its start, or as the starts of its humps ("WL" for WriteLine).</summary>
internal static class NameMatcher
{
    public const int NoMatch = int.MaxValue;

    // The search tries every way to split the letters among the humps.
    private const int LongestHumps = 16;

    /// <returns>0 for the very name, 1 for its start, 2 for its start in another case, 3 for humps, or <see cref="NoMatch"/>.</returns>
    public static int Rank(string name, string typed)
    {
        if (name.Length == 0)
        {
            return NoMatch;
        }

        if (typed.Length == 0)
        {
            return 1;
        }

        if (name.StartsWith(typed, StringComparison.Ordinal))
        {
            return name.Length == typed.Length ? 0 : 1;
        }

        if (name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
        {
            return 2;
        }

        return typed.Length is > 1 and <= LongestHumps && Same(name[0], typed[0]) && FitsHumps(name, 1, typed, 1) ? 3 : NoMatch;
    }

    // Each typed letter goes on in the hump before it, or starts a later one.
    private static bool FitsHumps(string name, int at, string typed, int next)
    {
        if (next == typed.Length)
        {
            return true;
        }

        if (at < name.Length && Same(name[at], typed[next]) && FitsHumps(name, at + 1, typed, next + 1))
        {
            return true;
        }

        for (var i = at; i < name.Length; i++)
        {
            if (StartsHump(name, i) && Same(name[i], typed[next]) && FitsHumps(name, i + 1, typed, next + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool StartsHump(string name, int i) => i > 0 && (
        (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])) ||
        (char.IsUpper(name[i]) && i + 1 < name.Length && char.IsLower(name[i + 1])) ||
        (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1])) ||
        (name[i - 1] == '_' && name[i] != '_'));

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
