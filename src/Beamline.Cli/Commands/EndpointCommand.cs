using System.CommandLine;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint start</c>, <c>stop</c>, <c>status</c>, <c>list</c>, <c>serve</c>, <c>token</c> and <c>prune</c>.</summary>
internal static class EndpointCommand
{
    private const int Wrong = 2;

    internal static Command Create() => new("endpoint", "The service that runs cells which are sent to this machine.")
    {
        EndpointStart.Create(),
        EndpointStop.Create(),
        EndpointStatus.Create(),
        EndpointList.Create(),
        EndpointServe.Create(),
        EndpointTokens.Create(),
        EndpointPrune.Create(),
    };

    internal static Option<string?> FolderOption() => new("--folder")
    {
        Description = "Folder of the service's files; that of your own endpoint 'local' when not given.",
    };

    internal static ServiceFolder Folder(string? given) => given is null ? ServiceFolder.Local() : new ServiceFolder(Path.GetFullPath(given));

    /// <summary>Errors that a user can do something about become one line and exit code 2.</summary>
    internal static async Task<int> GuardedAsync(string verb, Func<Task<int>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is EndpointException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"beamline endpoint {verb}: {e.Message}").ConfigureAwait(false);
            return Wrong;
        }
    }
}
