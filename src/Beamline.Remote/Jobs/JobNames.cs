using System.Buffers;

namespace Beamline.Remote;

/// <summary>Names that come from outside and become names of files.</summary>
internal static class JobNames
{
    private const int LongestName = 128;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> FileLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Whether a text is so many lower-case hexadecimal digits.</summary>
    public static bool IsHex(string? text, int digits) =>
        text is not null && text.Length == digits && !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>A new identifier of a job: 32 hexadecimal digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>The identifier of a job, checked.</summary>
    /// <exception cref="EndpointException">It is not 32 hexadecimal digits.</exception>
    public static string Id(string? text) => IsHex(text, 32) ? text! : throw new EndpointException(
        $"{Shown(text)} is no identifier of a job: those have 32 hexadecimal digits. #!jobs lists them.");

    /// <summary>The hash of a file, checked.</summary>
    /// <exception cref="EndpointException">It is not 64 hexadecimal digits.</exception>
    public static string Hash(string? text) => IsHex(text, 64) ? text! : throw new EndpointException(
        $"{Shown(text)} is no SHA-256: those have 64 hexadecimal digits in lower case.");

    /// <summary>The name of a file or folder, checked: one part of a path that stays in its folder.</summary>
    /// <exception cref="EndpointException">It has other characters than letters, digits, '.', '-' and '_', starts with a dot, or is too long.</exception>
    public static string File(string? text) => IsFile(text) ? text! : throw new EndpointException(
        $"{Shown(text)} is no name for a file here: use letters, digits, '.', '-' and '_', no dot in front, and at most {LongestName} characters.");

    /// <summary>Whether a text can be a variable's name in C#, or that of a shadowed one (a name, a dot and a number).</summary>
    public static bool IsVariable(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 512)
        {
            return false;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? text : text.AsSpan(0, dot);
        var number = dot < 0 ? "0" : text.AsSpan(dot + 1);
        if (name.Length > 1 && name[0] == '@')
        {
            name = name[1..];
        }

        if (name.IsEmpty || number.IsEmpty || number.ContainsAnyExceptInRange('0', '9') || !(char.IsLetter(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A text from outside as a message may show it: short, and without characters that a terminal would obey.</summary>
    public static string Shown(string? text)
    {
        if (text is null)
        {
            return "Nothing";
        }

        var cut = text.Length > 80 ? text[..80] + "…" : text;
        return $"'{string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }

    private static bool IsFile(string? text) =>
        text is { Length: > 0 and <= LongestName } && text[0] != '.' &&
        !text.AsSpan().ContainsAnyExcept(FileLetters);
}
