using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The program <c>beamline worker --serve</c>: jobs one after the other, asked for by lines of JSON.</summary>
internal sealed class WorkerServer(WorkerOptions options, TextReader input, Stream output)
{
    private readonly Channel<(string Folder, (int First, int Last)? Items, string? User)> _jobs = Channel.CreateUnbounded<(string, (int, int)?, string?)>();

    // A service that has a job sends it at once.
    private static readonly TimeSpan UntilIdle = TimeSpan.FromMilliseconds(50);

    /// <summary>Serves until the input ends, or a job leaves the process in no state to run another one.</summary>
    public async Task<int> RunAsync()
    {
        using var program = new WorkerProgram(options);
        await program.WarmUpAsync().ConfigureAwait(false);
        Say(new JsonObject { ["ready"] = true, ["processId"] = Environment.ProcessId });

        // A thread of its own: a cell may keep the whole pool busy, and a word to cancel it comes here.
        new Thread(() => Listen(program)) { IsBackground = true, Name = "Beamline worker lines" }.UnsafeStart();
        if (await Task.WhenAny(_jobs.Reader.WaitToReadAsync().AsTask(), Task.Delay(UntilIdle)).ConfigureAwait(false) is not Task<bool>)
        {
            await program.RehearseAsync().ConfigureAwait(false);
        }

        await foreach (var (folder, items, user) in _jobs.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            JobState state;
            string? problem = null;
            try
            {
                state = await program.RunAsync(folder, items, user).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
            {
                // Not even a status could be written.
                (state, problem) = (JobState.Failed, exception.Message);
            }

            var line = new JsonObject { ["job"] = folder, ["state"] = JsonNamingPolicy.CamelCase.ConvertName(state.ToString()) };
            if (problem is not null)
            {
                line["message"] = problem;
            }

            Say(line);
            if (program.IsSpent)
            {
                break;
            }

            program.Prepare();
        }

        return 0;
    }

    private void Listen(WorkerProgram program)
    {
        while (input.ReadLine() is { } line)
        {
            try
            {
                var asked = JsonNode.Parse(line)!.AsObject();
                if ((string?)asked["cancel"] is { } cancelled)
                {
                    program.Cancel(cancelled);
                }
                else if ((string?)asked["job"] is { } folder)
                {
                    var items = WorkerItems.Parse((string?)asked["items"]);
                    program.Expect(folder);
                    _jobs.Writer.TryWrite((folder, items, (string?)asked["user"]));
                }
                else
                {
                    throw new FormatException("it names neither a job nor one to cancel");
                }
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
            {
                Say(new JsonObject { ["error"] = $"The line '{line}' is not understood: {exception.Message}" });
            }
        }

        _jobs.Writer.Complete();
    }

    private void Say(JsonObject line)
    {
        lock (_jobs)
        {
            output.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
            output.Flush();
        }
    }
}
