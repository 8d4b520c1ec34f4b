namespace Beamline.Packages;

/// <summary>Finds packages: in the cache, or by <c>dotnet restore</c> of a generated project.</summary>
internal sealed class PackageRestorer(RestoreCache cache, DotNetProcess dotnet)
{
    /// <summary>Restores a set of packages. When it fails, nothing has changed but NuGet's own folder.</summary>
    /// <param name="question">What to restore.</param>
    /// <param name="starting">Called when it is going to take a while.</param>
    /// <param name="warn">Told what the user should know.</param>
    /// <param name="cancellationToken">Kills the restore.</param>
    /// <exception cref="PackageException">It failed; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public async Task<IReadOnlyList<ResolvedPackage>> RestoreAsync(
        RestoreQuestion question, Action starting, Action<string> warn, CancellationToken cancellationToken)
    {
        if (Known(question, evenOld: false) is { } known)
        {
            return known;
        }

        starting();
        try
        {
            var (exitCode, output, packages) = await TryAsync(question, null, cancellationToken).ConfigureAwait(false);
            if (exitCode == 0)
            {
                cache.Keep(HasPinned(question, packages) ? question : Free(question), packages);
                return packages;
            }

            var errors = RestoreErrors.Read(output);
            if (!errors.Any(e => e.Code == "NU1301"))
            {
                throw RestoreErrors.Explain(errors, output, question);
            }

            return await OfflineAsync(question, errors, output, warn, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new PackageException($"The packages could not be restored: {exception.Message}", cause: exception);
        }
    }

    /// <summary>What is in the cache: the answer without pins when it keeps to them, else the one with pins.</summary>
    private IReadOnlyList<ResolvedPackage>? Known(RestoreQuestion question, bool evenOld) =>
        cache.Find(Free(question), evenOld) is { } free &&
        free.All(p => !question.Pins.TryGetValue(p.Id, out var version) || version == p.Version)
            ? free : cache.Find(question, evenOld);

    private static RestoreQuestion Free(RestoreQuestion question) => question with { Pins = new Dictionary<string, string>() };

    /// <summary>Whether a pin may have changed the answer.</summary>
    private static bool HasPinned(RestoreQuestion question, IReadOnlyList<ResolvedPackage> packages) => packages.Any(p =>
        question.Pins.ContainsKey(p.Id) && !question.Requests.Any(r => r.Id.Equals(p.Id, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Some source does not answer: what this machine has already may do.</summary>
    private async Task<IReadOnlyList<ResolvedPackage>> OfflineAsync(
        RestoreQuestion question, IReadOnlyList<RestoreError> errors, string output, Action<string> warn, CancellationToken cancellationToken)
    {
        var unreachable = errors.First(e => e.Code == "NU1301").Message.Split('\n')[0];
        if (Known(question, evenOld: true) is { } old)
        {
            warn($"{unreachable} The versions of an earlier day are used.");
            return old;
        }

        string[] folders = [.. question.Sources.Where(Directory.Exists), PackageFolder.Path];
        var (exitCode, _, packages) = Directory.Exists(PackageFolder.Path)
            ? await TryAsync(question, folders, cancellationToken).ConfigureAwait(false)
            : (1, "", []);
        if (exitCode != 0)
        {
            throw RestoreErrors.Explain(errors, output, question);
        }

        // Not kept in the cache: with a network the answer may be another.
        warn($"{unreachable} Packages that this machine already has are used.");
        return packages;
    }

    private async Task<(int ExitCode, string Output, IReadOnlyList<ResolvedPackage> Packages)> TryAsync(
        RestoreQuestion question, IReadOnlyList<string>? onlySources, CancellationToken cancellationToken)
    {
        // Private to the user: sources may carry a password.
        var folder = Directory.CreateTempSubdirectory("beamline-restore-").FullName;
        try
        {
            var project = RestoreProject.Write(folder, question, onlySources);
            var (exitCode, output) = await dotnet.RunAsync(
                folder, ["restore", project, "-nologo", "-v:m", "-tl:off"], cancellationToken).ConfigureAwait(false);
            return (exitCode, output, exitCode == 0
                ? AssetsFile.Read(Path.Combine(folder, "obj", "project.assets.json"), question.RuntimeIdentifier) : []);
        }
        finally
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A killed child may still be closing its files; the system clears its temporary folder.
            }
        }
    }
}
