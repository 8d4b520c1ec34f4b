using System.CommandLine;
using Beamline.Endpoint;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint prune</c>: through the service when it runs, else on its files.</summary>
internal static class EndpointPrune
{
    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var days = new Option<double?>("--older-than") { Description = "Days since a job ended, 0 for all that have ended; what the policy says when not given, else 30." };
        var trial = new Option<bool>("--dry-run") { Description = "Only say what would be removed." };
        var policy = new Option<string?>("--policy") { Description = "Policy of a service that does not run now; policy.json of the folder when not given and there." };
        var command = new Command("prune", "Remove jobs that ended long ago, with their results, and arrays that none of those that are left needs.") { days, trial, policy, folder };
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync("prune", async () =>
        {
            var place = EndpointCommand.Folder(parsed.GetValue(folder));
            Console.WriteLine(await RunAsync(place, parsed.GetValue(days), parsed.GetValue(trial), parsed.GetValue(policy), cancellation).ConfigureAwait(false));
            return 0;
        }));
        return command;
    }

    private static async Task<EndpointPruning> RunAsync(ServiceFolder place, double? days, bool isTrial, string? policy, CancellationToken cancellation)
    {
        if (await EndpointDaemon.FindAsync(place, cancellation).ConfigureAwait(false) is null)
        {
            try
            {
                return OfflinePruning.Run(new ServiceOptions(place) { PolicyFile = policy is null ? null : Path.GetFullPath(policy) }, days, isTrial);
            }
            catch (ServiceRunsException)
            {
                // It was just starting.
            }
        }

        if (policy is not null)
        {
            throw new EndpointException("The service runs, and has a policy of its own: leave --policy out.");
        }

        await using var connection = await LocalEndpoint.ConnectAsync(place, startIfNeeded: false, cancellation).ConfigureAwait(false);
        return await connection.PruneAsync(days, isTrial, cancellation).ConfigureAwait(false);
    }
}
