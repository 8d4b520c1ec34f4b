using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>
/// <c>#r "project: file.csproj"</c>: builds into a private folder, so that the user's own build never meets a locked
/// file, and loads each changed build beside the earlier ones under a higher version.
/// </summary>
internal sealed class ProjectBuilder
{
    private readonly Dictionary<string, Build> _newest = new(StringComparer.Ordinal);

    /// <exception cref="PackageException">There is no such project, or it does not build.</exception>
    public async Task BuildAsync(
        ReferenceSet added, ReferenceDirective directive, string folder, DotNetProcess dotnet, CancellationToken cancellationToken)
    {
        string[] folders = [.. new[] { folder, Directory.GetCurrentDirectory() }.Distinct()];
        var project = folders.Select(f => Path.GetFullPath(directive.Value, f)).FirstOrDefault(File.Exists)
            ?? throw NearestFiles.Missing(directive, folders, "*.*proj");
        var facts = await FactsAsync(project, directive, dotnet, cancellationToken);
        var output = await RunAsync(project, facts, null, directive, dotnet, cancellationToken);
        var print = Print(output);
        if (_newest.TryGetValue(project, out var before) && before.Print == print)
        {
            added.Compile.AddRange(before.Libraries);
            return;
        }

        if (before is not null)
        {
            // Two libraries of one identity cannot be told apart; a higher version makes cells use the new one.
            var old = before.Version;
            var version = new Version(old.Major, old.Minor, Math.Max(0, old.Build), Math.Max(0, old.Revision) + 1);
            output = await RunAsync(project, facts, version, directive, dotnet, cancellationToken);
        }

        var main = Path.Combine(output, facts.AssemblyName + ".dll");
        if (LibraryFile.Open(main, project) is not { } library)
        {
            throw new PackageException($"{project} made no library {facts.AssemblyName}.dll.", directive);
        }

        string[] libraries = [main, .. Directory.EnumerateFiles(output, "*.dll").Where(f => f != main &&
            LibraryLoader.Shipped(Path.GetFileNameWithoutExtension(f)) is null && LibraryFile.Open(f, project) is not null)];
        var packages = File.Exists(facts.AssetsFile) ? AssetsFile.Read(facts.AssetsFile, new RestoreQuestion
        {
            Requests = [], ConfigFolder = folder,
        }.RuntimeIdentifier, facts.Framework) : [];
        added.Packages.AddRange(packages.Where(p => !added.Packages.Any(o => o.Id == p.Id)));
        added.Compile.AddRange(libraries);
        added.AddOwn(() =>
        {
            var context = new ProjectContext(output);
            var assemblies = libraries.Select(context.LoadFromAssemblyPath).ToArray();
            NativeLibraries.AddFolder(output);
            _newest[project] = new Build(print, library.Name.Version ?? new Version(1, 0, 0, 0), libraries);
            return assemblies;
        });
    }

    private static async Task<Facts> FactsAsync(
        string project, ReferenceDirective directive, DotNetProcess dotnet, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await dotnet.RunAsync(
            Path.GetDirectoryName(project)!,
            [
                "msbuild", project, "-nologo", "-getProperty:AssemblyName", "-getProperty:TargetFramework",
                "-getProperty:TargetFrameworks", "-getProperty:ProjectAssetsFile", "-p:Configuration=Release",
            ],
            cancellationToken);
        try
        {
            var values = exitCode == 0 ? JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..])!["Properties"]! : null;
            if (values is null)
            {
                throw Failed(project, output, directive);
            }

            var frameworks = ((string)values["TargetFrameworks"]!).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return new Facts((string)values["AssemblyName"]!, Choose(frameworks), (string)values["ProjectAssetsFile"]!);
        }
        catch (Exception exception) when (exception is JsonException or NullReferenceException or ArgumentException or InvalidOperationException)
        {
            throw new PackageException($"{project} could not be read: {exception.Message}\n{output.Trim()}", directive, exception);
        }
    }

    /// <summary>The framework to build a project for that has several; null when it has one.</summary>
    private static string? Choose(string[] frameworks) =>
        frameworks.Length == 0 ? null
        : frameworks.Where(f => f.StartsWith("net", StringComparison.Ordinal) && !f.Contains('-', StringComparison.Ordinal))
            .OrderByDescending(f => f.StartsWith("netstandard", StringComparison.Ordinal) ? 0
                : Version.TryParse(f[3..], out var version) && version.Major is >= 5 and <= 10 ? version.Major : -1)
            .FirstOrDefault() ?? frameworks[0];

    private static async Task<string> RunAsync(
        string project, Facts facts, Version? version, ReferenceDirective directive, DotNetProcess dotnet, CancellationToken cancellationToken)
    {
        var output = ShadowCopy.NewFolder(facts.AssemblyName);
        List<string> arguments =
        [
            "build", project, "-c", "Release", "-nologo", "-v:q", "-tl:off", $"-p:OutDir={output}{Path.DirectorySeparatorChar}",

            // Packages are loaded from where NuGet keeps them: some bring 500 MB.
            "-p:CopyLocalLockFileAssemblies=false", "-p:UseAppHost=false", "-p:NuGetAudit=false",
        ];
        if (facts.Framework is { } framework)
        {
            arguments.AddRange(["-f", framework]);
        }

        if (version is not null)
        {
            arguments.Add($"-p:AssemblyVersion={version}");
        }

        var (exitCode, text) = await dotnet.RunAsync(Path.GetDirectoryName(project)!, arguments, cancellationToken);
        return exitCode == 0 ? output : throw Failed(project, text, directive);
    }

    private static PackageException Failed(string project, string output, ReferenceDirective directive)
    {
        if (output.Contains("No .NET SDKs were found", StringComparison.Ordinal))
        {
            return DotNetProcess.NoSdk("There is no .NET SDK here.");
        }

        var errors = output.Split('\n').Select(l => l.Trim()).Where(l => l.Contains(": error", StringComparison.Ordinal)).Distinct().ToList();
        return new PackageException(
            $"{Path.GetFileName(project)} does not build:\n" + (errors.Count > 0
                ? string.Join('\n', errors.Take(8)) + (errors.Count > 8 ? $"\n... and {errors.Count - 8} more errors" : "")
                : output.Trim()),
            directive);
    }

    /// <summary>A number for the content of all libraries of a build.</summary>
    private static string Print(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Facts(string AssemblyName, string? Framework, string AssetsFile);

    private sealed record Build(string Print, Version Version, IReadOnlyList<string> Libraries);

    /// <summary>The libraries of one build; what the program ships and packages bring is shared with everybody.</summary>
    private sealed class ProjectContext : AssemblyLoadContext
    {
        private readonly string _folder;

        public ProjectContext(string folder)
            : base($"project {Path.GetFileName(folder)}")
        {
            _folder = folder;
            NativeLibraries.Attach(this);
            Resolving += (_, name) => LibraryLoader.Find(name.Name!);
        }

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(_folder, assemblyName.Name + ".dll");
            return File.Exists(path) && LibraryLoader.Shipped(assemblyName.Name!) is null ? LoadFromAssemblyPath(path) : null;
        }
    }
}
