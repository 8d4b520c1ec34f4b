using System.Collections.Concurrent;
using System.Text;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>
/// The files that cells take in by <c>#load</c>: found beside the file that names them, then in the notebook's folder,
/// then in the working folder. The compiler reads them here, without the references that were already seen to.
/// </summary>
internal sealed class LoadedFiles : SourceReferenceResolver
{
    private const int MostBytes = 16 << 20;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The notebook's folder; null when only the working folder is known.</summary>
    public string? NotebookFolder { get; set; }

    /// <summary>The text of a file that was loaded, by its full path; null for others.</summary>
    public string? TextOf(string path) => _texts.GetValueOrDefault(path);

    /// <summary>Adds what the loaded files ask for to what the cell asks for.</summary>
    /// <exception cref="PackageException">A file is missing, or loads itself in a circle.</exception>
    public IReadOnlyList<ReferenceDirective> Follow(IReadOnlyList<ReferenceDirective> directives)
    {
        var all = new List<ReferenceDirective>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Walk(directives, []);
        return all;

        void Walk(IReadOnlyList<ReferenceDirective> found, IReadOnlyList<string> way)
        {
            foreach (var directive in found)
            {
                if (directive.Kind != DirectiveKind.Load)
                {
                    all.Add(directive);
                    continue;
                }

                var path = ResolveReference(directive.Value, directive.File) ?? throw Missing(directive);
                if (way.Contains(path))
                {
                    throw new PackageException(
                        "Files load each other in a circle: " +
                        string.Join(" -> ", way.SkipWhile(p => p != path).Append(path).Select(Path.GetFileName)) +
                        ". Move what they share into a file that loads none of them.",
                        directive);
                }

                if (seen.Add(path))
                {
                    Walk(DirectiveScanner.Scan(Read(path, directive), path).Directives, [.. way, path]);
                }
            }
        }
    }

    /// <summary>The files that a text loads, those that they load included, as the compiler reads them. What is missing is left out.</summary>
    public IReadOnlyDictionary<string, string> TextsOf(string code)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        Walk(code, null);
        return all;

        void Walk(string text, string? file)
        {
            foreach (var directive in DirectiveScanner.Scan(text, file).Directives.Where(d => d.Kind == DirectiveKind.Load))
            {
                if (ResolveReference(directive.Value, file) is { } path && !all.ContainsKey(path))
                {
                    all[path] = ReadText(path).ToString();
                    Walk(all[path], path);
                }
            }
        }
    }

    public override string? ResolveReference(string path, string? baseFilePath)
    {
        if (path.AsSpan().IndexOf('\0') >= 0)
        {
            return null;
        }

        return Folders(baseFilePath).Select(folder => Path.GetFullPath(path, folder)).FirstOrDefault(File.Exists);
    }

    /// <summary>Labels of cells stay what they are; files have full paths already.</summary>
    public override string? NormalizePath(string path, string? baseFilePath) => path;

    public override Stream OpenRead(string resolvedPath) => File.OpenRead(resolvedPath);

    public override SourceText ReadText(string resolvedPath)
    {
        var text = File.ReadAllText(resolvedPath);
        _texts[resolvedPath] = text;
        return SourceText.From(DirectiveScanner.Blank(text), Encoding.UTF8);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private static string Read(string path, ReferenceDirective directive)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new PackageException($"{path} is larger than {MostBytes >> 20} MB: that is no C# file.", directive);
            }

            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PackageException($"{path} cannot be read: {exception.Message}", directive, exception);
        }
    }

    private IEnumerable<string> Folders(string? baseFilePath)
    {
        if (baseFilePath is not null && Path.IsPathFullyQualified(baseFilePath))
        {
            yield return Path.GetDirectoryName(baseFilePath)!;
        }

        if (NotebookFolder is { } folder)
        {
            yield return folder;
        }

        yield return Directory.GetCurrentDirectory();
    }

    private PackageException Missing(ReferenceDirective directive) => NearestFiles.Missing(
        directive, [.. Folders(directive.File).Distinct()], "*.cs*");
}

/// <summary>The error for a file that is not there, with names that are.</summary>
internal static class NearestFiles
{
    /// <param name="directive">The line that names the file.</param>
    /// <param name="folders">Where it was looked for.</param>
    /// <param name="pattern">Files that would have made sense.</param>
    public static PackageException Missing(ReferenceDirective directive, IReadOnlyList<string> folders, string pattern)
    {
        var name = Path.GetFileName(directive.Value);
        var places = folders.Select(f => Path.GetDirectoryName(Path.GetFullPath(directive.Value, f)) ?? f).Distinct().ToList();
        string[] there = [.. places.Where(Directory.Exists).SelectMany(p => Names(p, pattern)).Distinct().Order(StringComparer.Ordinal)];
        return new PackageException(
            $"There is no file {directive.Value} in {string.Join(" or ", places)}." + Suggestion.DidYouMean(name, there) +
            (there.Length > 0 ? $" There are: {string.Join(", ", there.Take(8))}{(there.Length > 8 ? ", ..." : "")}." : ""),
            directive);
    }

    private static IEnumerable<string> Names(string folder, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, pattern).Select(f => Path.GetFileName(f))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
