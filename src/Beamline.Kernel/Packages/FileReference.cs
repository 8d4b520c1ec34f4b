using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#r "file.dll"</c> and <c>#r "Assembly.Name"</c>.</summary>
internal static class FileReference
{
    /// <exception cref="PackageException">There is no such file or assembly, or it is no .NET library.</exception>
    public static void Add(ReferenceSet added, ReferenceDirective directive, string folder)
    {
        var value = directive.Value;
        string[] folders = [.. new[] { directive.File is null ? null : Path.GetDirectoryName(directive.File), folder, Directory.GetCurrentDirectory() }
            .OfType<string>().Distinct()];
        var path = value.Contains('\0', StringComparison.Ordinal) ? null
            : folders.Select(f => Path.GetFullPath(value, f)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            // "System.Xml.Linq", "System.Xml.Linq.dll" and "System.Xml.Linq, Version=..." all name an assembly.
            var name = AssemblyNameOf(value);
            if (name is not null && LibraryLoader.Shipped(name) is { } shipped)
            {
                added.Compile.Add(shipped);
                return;
            }

            throw value.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || value.Contains('/', StringComparison.Ordinal)
                ? NearestFiles.Missing(directive, folders, "*.dll")
                : new PackageException(
                    $"'{value}' is neither a file nor an assembly of .NET or of this program." +
                    Suggestion.DidYouMean(value, FrameworkNames()) + $" A package is written #r \"nuget: {value}\".",
                    directive);
        }

        if (value.EndsWith("proj", StringComparison.OrdinalIgnoreCase))
        {
            throw new PackageException($"{value} is a project. Write #r \"project: {value}\".", directive);
        }

        var library = LibraryFile.Open(ShadowCopy.Of(path), path) ?? throw new PackageException(
            $"{path} is not a .NET library (a native library is found by DllImport when it lies beside the one that uses it).", directive);
        if (LibraryLoader.Shipped(library.Name.Name!) is { } own)
        {
            if (AssemblyName.GetAssemblyName(own).Version != library.Name.Version)
            {
                throw new PackageException(
                    $"{library.Name.Name} {library.Name.Version} cannot be loaded: this program itself uses " +
                    $"{AssemblyName.GetAssemblyName(own).Version}. Leave the line out to use that one.",
                    directive);
            }

            added.Compile.Add(own);
            return;
        }

        added.Files.Add(library);
        added.Folders.Add(Path.GetDirectoryName(path)!);
    }

    private static string? AssemblyNameOf(string value)
    {
        try
        {
            return new AssemblyName(value.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? value[..^4] : value).Name;
        }
        catch (Exception exception) when (exception is FileLoadException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<string> FrameworkNames() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Select(f => Path.GetFileNameWithoutExtension(f));
}
