using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Sees to the references of a cell before any of it runs: all or none. A failure leaves the session as it was.
/// </summary>
internal sealed class PackageManager(NotebookKernel kernel)
{
    private readonly Dictionary<string, ResolvedPackage> _packages = new(StringComparer.OrdinalIgnoreCase);
    private readonly ProjectBuilder _projects = new();
    private List<string> _sources = [];

    /// <summary>Called with the assemblies that a cell's references brought, before the cell runs.</summary>
    public event Action<IReadOnlyList<Assembly>>? AssembliesLoaded;

    /// <summary>Runs dotnet.</summary>
    public DotNetProcess DotNet { get; set; } = new();

    /// <summary>Where what was restored is remembered.</summary>
    public RestoreCache Cache { get; set; } = new(RestoreCache.DefaultFolder);

    /// <summary>The notebook's folder, for relative paths and NuGet.Config; the working folder when it is not known.</summary>
    public string? NotebookFolder
    {
        get => kernel.Session.LoadedFiles.NotebookFolder;
        set => kernel.Session.LoadedFiles.NotebookFolder = value;
    }

    /// <summary>Versions of an earlier run; they are preferred where a cell names none.</summary>
    public PackageLock Lock { get; set; } = PackageLock.Empty;

    /// <summary>True to accept nothing but the lock.</summary>
    public bool IsLocked { get; set; }

    /// <summary>The packages of this session, sorted by name.</summary>
    public IReadOnlyList<ResolvedPackage> Packages
    {
        get
        {
            lock (_packages)
            {
                return [.. _packages.Values.OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    /// <summary>Takes #r and #i out of a cell and brings what they ask for.</summary>
    /// <param name="cell">The running cell.</param>
    /// <param name="segments">Its parts.</param>
    /// <returns>The parts to run.</returns>
    /// <exception cref="CellFailedException">Something cannot be had; nothing of the cell ran.</exception>
    public async Task<IReadOnlyList<CellSegment>> PrepareAsync(CellRun cell, IReadOnlyList<CellSegment> segments)
    {
        try
        {
            var asked = new List<ReferenceDirective>();
            var rest = new List<CellSegment>();
            foreach (var segment in segments)
            {
                var (directives, code) = segment.IsMagic ? ([], segment.Text) : DirectiveScanner.Scan(segment.Text);
                asked.AddRange(directives);
                if (!string.IsNullOrWhiteSpace(code))
                {
                    rest.Add(segment with { Text = code });
                }
            }

            if (asked.Count == 0)
            {
                return segments;
            }

            await AddAsync(cell, kernel.Session.LoadedFiles.Follow(asked));
            return rest;
        }
        catch (PackageException exception)
        {
            throw new CellFailedException(exception.ToCellError(), exception);
        }
    }

    private async Task AddAsync(CellRun cell, IReadOnlyList<ReferenceDirective> asked)
    {
        var folder = NotebookFolder ?? Directory.GetCurrentDirectory();
        var sources = asked.Where(d => d.Kind == DirectiveKind.Source).Select(d => SourceOf(d, folder));
        var allSources = _sources.Concat(sources).Distinct().ToList();
        var requests = Requests([.. asked.Where(d => d.Kind == DirectiveKind.Package).Select(PackageRequest.Parse)]);
        var added = new ReferenceSet();
        foreach (var directive in asked.Where(d => d.Kind == DirectiveKind.Assembly))
        {
            FileReference.Add(added, directive, folder);
        }

        IReadOnlyList<ResolvedPackage> packages = [];
        using (var progress = new InstallProgress(cell))
        {
            foreach (var directive in asked.Where(d => d.Kind == DirectiveKind.Project).DistinctBy(d => d.Value))
            {
                progress.Show($"Building {Path.GetFileName(directive.Value)}");
                await _projects.BuildAsync(added, directive, folder, DotNet, cell.CancellationToken);
            }

            if (requests.Count > 0)
            {
                packages = await RestoreAsync(cell, progress, requests, allSources, folder);
                added.Packages.AddRange(packages);
            }

            // From here on nothing waits: a cell that is stopped has either all of its references or none.
            cell.CancellationToken.ThrowIfCancellationRequested();
            Commit(added, allSources);
            progress.Finish(Summary(requests, packages));
        }
    }

    private async Task<IReadOnlyList<ResolvedPackage>> RestoreAsync(
        CellRun cell, InstallProgress progress, IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources, string folder)
    {
        var loaded = LibraryLoader.Packages.ToDictionary(p => p.Key, p => p.Value.Version, StringComparer.OrdinalIgnoreCase);
        var pins = new Dictionary<string, string>(loaded, StringComparer.OrdinalIgnoreCase);
        foreach (var (id, locked) in Lock.Packages)
        {
            pins.TryAdd(id, locked.Version);
        }

        var question = new RestoreQuestion { Requests = requests, Pins = pins, Sources = sources, ConfigFolder = folder };
        var restorer = new PackageRestorer(Cache, DotNet);
        void Starting() => progress.Show($"Installing {string.Join(", ", requests.Select(r => r.Title))}");
        IReadOnlyList<ResolvedPackage> packages;
        try
        {
            packages = await restorer.RestoreAsync(question, Starting, cell.Warn, cell.CancellationToken);
        }
        catch (PackageException) when (!IsLocked && pins.Count > loaded.Count)
        {
            // What the notebook asks for now does not go with the lock: the lock is only a preference.
            packages = await restorer.RestoreAsync(question with { Pins = loaded }, Starting, cell.Warn, cell.CancellationToken);
        }

        if (IsLocked)
        {
            Lock.Verify(packages);
        }

        return packages;
    }

    private void Commit(ReferenceSet added, List<string> sources)
    {
        var there = LibraryLoader.Packages;
        foreach (var package in added.Packages)
        {
            if (there.TryGetValue(package.Id, out var other) && other.Version != package.Version)
            {
                throw Conflict(package.Id, other.Version, package.Version, null);
            }
        }

        var libraries = added.Libraries();
        var missing = LibraryLoader.Check(libraries);
        NativeLibraries.Add(added.Packages.SelectMany(p => p.Native));
        foreach (var folder in added.Folders)
        {
            LibraryLoader.AddFolder(folder);
        }

        IReadOnlyList<Assembly> loaded;
        try
        {
            loaded = [.. LibraryLoader.Load(missing), .. added.LoadOwn()];
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or FileNotFoundException)
        {
            throw new PackageException($"A library cannot be loaded: {exception.Message}", cause: exception);
        }

        LibraryLoader.Add(added.Packages);
        lock (_packages)
        {
            foreach (var package in added.Packages)
            {
                _packages[package.Id] = package;
            }
        }

        _sources = sources;
        kernel.Session.AddReferences(
            [.. libraries.Select(l => LibraryLoader.Find(l.Name.Name!)).OfType<Assembly>(), .. loaded], added.CompilePaths());
        if (loaded.Count > 0)
        {
            AssembliesLoaded?.Invoke(loaded);
        }
    }

    /// <summary>What is still to be restored, with the lock's versions where none was named.</summary>
    private List<PackageRequest> Requests(IReadOnlyList<PackageRequest> asked)
    {
        var requests = new Dictionary<string, PackageRequest>(StringComparer.OrdinalIgnoreCase);
        foreach (var request in asked)
        {
            if (requests.TryGetValue(request.Id, out var other) && request.Range is not null && other.Range is not null &&
                request.Requirement != other.Requirement)
            {
                throw new PackageException(
                    $"{request.Id} is asked for twice: {other.Range.OriginalString} in line {other.Directive.Line} and " +
                    $"{request.Range.OriginalString} in line {request.Directive.Line}. Keep one.",
                    request.Directive);
            }

            requests[request.Id] = request.Range is null && other is not null ? other : request;
        }

        var loaded = LibraryLoader.Packages;
        var open = new List<PackageRequest>();
        foreach (var request in requests.Values)
        {
            if (IsLocked && !Lock.Packages.ContainsKey(request.Id))
            {
                throw new PackageException($"{request.Id} is not in the lock. Run once without --locked to renew the lock.", request.Directive);
            }

            _ = loaded.TryGetValue(request.Id, out var there);
            var version = there is not null ? there.Version
                : Lock.Packages.TryGetValue(request.Id, out var locked) && (IsLocked || request.Range is null) ? locked.Version
                : null;
            if (version is null)
            {
                open.Add(request);
            }
            else if (!request.Accepts(NuGet.Versioning.NuGetVersion.Parse(version)))
            {
                throw there is not null
                    ? Conflict(request.Id, version, request.Requirement.Trim('[', ']'), request.Directive)
                    : new PackageException($"The lock has {request.Id} {version}, and the cell asks for {request.Title}.", request.Directive);
            }
            else if (!Packages.Any(p => p.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase)))
            {
                open.Add(request.Exactly(version));
            }
        }

        return open;
    }

    private static PackageException Conflict(string id, string loaded, string wanted, ReferenceDirective? directive) => new(
        $"{id} {loaded} is loaded in this session, and {wanted} is asked for. A process can hold only one version: " +
        $"restart the kernel and ask for {id} {wanted} first, or stay with {loaded}.",
        directive);

    private static string SourceOf(ReferenceDirective directive, string folder)
    {
        if (Uri.TryCreate(directive.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return directive.Value;
        }

        var path = Path.GetFullPath(directive.Value, folder);
        return Directory.Exists(path) ? path : throw new PackageException(
            $"The package source {directive.Value} is neither a URL nor a folder that exists ({path}).", directive);
    }

    private static string? Summary(IReadOnlyList<PackageRequest> requests, IReadOnlyList<ResolvedPackage> packages)
    {
        if (packages.Count == 0)
        {
            return null;
        }

        var direct = packages.Where(p => requests.Any(r => r.Id.Equals(p.Id, StringComparison.OrdinalIgnoreCase))).ToList();
        var others = packages.Except(direct).Select(p => $"{p.Id} {p.Version}").ToList();
        return $"Packages: {string.Join(", ", direct.Select(p => $"{p.Id} {p.Version}"))}" +
            (others.Count > 0 ? $" (with {string.Join(", ", others)})" : "");
    }
}
