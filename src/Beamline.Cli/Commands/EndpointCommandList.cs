using System.CommandLine;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint list</c>: the jobs of the endpoint on this machine.</summary>
internal static class EndpointList
{
    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var command = new Command("list", "List your jobs that the service knows, newest first.") { folder };
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync("list", async () =>
        {
            await using var connection = await LocalEndpoint.ConnectAsync(
                EndpointCommand.Folder(parsed.GetValue(folder)), startIfNeeded: false, cancellation).ConfigureAwait(false);
            foreach (var job in await connection.ListAsync(cancellation).ConfigureAwait(false))
            {
                Console.WriteLine($"{job.Id}  {job.Created:u}  {job.Status.State,-11}  {job.Label}{(job.Status.Message is { } text ? "  " + text : "")}");
            }

            return 0;
        }));
        return command;
    }
}
