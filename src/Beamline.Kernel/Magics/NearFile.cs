using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Finds the file that a user probably meant.</summary>
internal static class NearFile
{
    /// <summary>" Did you mean X?" or what is there, for a path that does not exist.</summary>
    /// <param name="path">What was written.</param>
    /// <param name="folder">What it is relative to.</param>
    /// <param name="extensions">Kinds of files that can be meant, with the dot; any when none are given.</param>
    public static string Suggest(string path, string folder, params string[] extensions)
    {
        try
        {
            var full = Path.GetFullPath(Path.Combine(folder, path));
            var parent = Path.GetDirectoryName(full);
            if (parent is null || !Directory.Exists(parent))
            {
                return $" There is no folder {parent}.";
            }

            string[] names = [.. Directory.EnumerateFiles(parent).Select(Path.GetFileName).OfType<string>()
                .Where(n => extensions.Length == 0 || extensions.Contains(Path.GetExtension(n).ToLowerInvariant())).Order().Take(1000)];
            var nearest = Suggestion.DidYouMean(Path.GetFileName(full), names);
            return nearest.Length > 0 ? nearest
                : names.Length == 0 ? ""
                : $" There: {string.Join(", ", names.Take(10))}{(names.Length > 10 ? ", ..." : "")}.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
