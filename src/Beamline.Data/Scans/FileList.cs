namespace Beamline.Data.Scans;

/// <summary>The files of a folder or pattern in the order of the numbers in their names.</summary>
internal static class FileList
{
    internal static bool IsPattern(string path) => path.Contains('*') || path.Contains('?');

    /// <summary>Files that a path means: itself, the TIFF files of a folder, or what a pattern matches.</summary>
    /// <exception cref="DataFormatException">There are none.</exception>
    internal static string[] Expand(string path)
    {
        if (!IsPattern(path) && !Directory.Exists(path))
        {
            return File.Exists(path) ? [Path.GetFullPath(path)] : throw MissingFile.Error(path);
        }

        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        if (IsPattern(folder))
        {
            throw new DataFormatException(path, $"a pattern may stand only in the file's name, not in the folder {folder}.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DataFormatException(path, $"there is no folder {Path.GetFullPath(folder)}.");
        }

        var pattern = Directory.Exists(path) ? "*.tif*" : Path.GetFileName(path);
        var files = Directory.GetFiles(folder, pattern, new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive });
        if (files.Length == 0)
        {
            throw new DataFormatException(
                path,
                $"no file matches {pattern} in {Path.GetFullPath(folder)}, which holds " +
                $"{Directory.GetFileSystemEntries(folder).Length} other entries.");
        }

        Array.Sort(files, CompareNatural);
        return Array.ConvertAll(files, Path.GetFullPath);
    }

    /// <summary>Orders p_2 before p_10: runs of digits compare by value.</summary>
    internal static int CompareNatural(string a, string b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var left = Digits(a, ref i);
                var right = Digits(b, ref j);
                var order = left.Length != right.Length
                    ? left.Length.CompareTo(right.Length)
                    : left.CompareTo(right, StringComparison.Ordinal);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                i++;
                j++;
            }
        }

        var rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
