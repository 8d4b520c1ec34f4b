using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Starts a worker, as the command line asks for it.</summary>
internal static class WorkerHost
{
    /// <summary>Runs one job.</summary>
    /// <param name="options">How.</param>
    /// <param name="folder">The job's folder.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunJobAsync(WorkerOptions options, string folder)
    {
        using var program = new WorkerProgram(options);
        program.Prepare();
        try
        {
            return WorkerExit.Of(await program.RunAsync(folder, options.Items).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
        {
            // There is no job, or its folder cannot be written to, so that nobody would find a status there.
            await Console.Error.WriteLineAsync($"beamline worker: {exception.Message}").ConfigureAwait(false);
            return WorkerExit.WrongUsage;
        }
    }

    /// <summary>Runs jobs that lines on the standard input name, until it ends.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ServeAsync(WorkerOptions options)
    {
        await using var own = StandardStreams.Reserve();
        using var input = new StreamReader(Console.OpenStandardInput());
        return await new WorkerServer(options, input, own).RunAsync().ConfigureAwait(false);
    }
}
