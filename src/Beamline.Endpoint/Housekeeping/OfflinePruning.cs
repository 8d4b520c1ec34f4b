using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Housekeeping in a folder whose service does not run.</summary>
internal static class OfflinePruning
{
    /// <param name="options">The folder, and the policy that its service has.</param>
    /// <param name="days">Age instead of that of the policy; null for that.</param>
    /// <param name="isTrial">Only says what it would remove.</param>
    /// <exception cref="ServiceRunsException">The service runs: it is to do it.</exception>
    /// <exception cref="EndpointException">The policy is broken, or a file cannot be removed.</exception>
    public static EndpointPruning Run(ServiceOptions options, double? days, bool isTrial)
    {
        var folder = options.Folder;
        var policy = new PolicySource(options).File is { } file ? EndpointPolicy.Load(file) : new EndpointPolicy();
        var rules = policy.Keep.OlderThan(days);
        // Nothing is to be made in a folder that was named by mistake.
        if (!Directory.Exists(folder.Jobs))
        {
            throw new EndpointException($"There is no endpoint in {folder.Path}, so that there is nothing to remove.");
        }

        using var held = ServiceLock.Take(folder);
        var book = new JobBook(folder);
        book.Load();
        var housekeeper = new Housekeeper(options.Name, folder, book, new ArrayStore(folder.Store), new AuditLog(folder.Audit), new Lock());
        return housekeeper.Prune(rules, isTrial, new Caller(Environment.UserName, "", Scope.Admin));
    }
}
