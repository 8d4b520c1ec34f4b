using System.Diagnostics;

namespace Beamline.Remote;

/// <summary>A step of a trial of an endpoint.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Detail">What came of it.</param>
public sealed record EndpointStep(string Name, TimeSpan Time, string Detail);

/// <summary>How a small job went at an endpoint, step by step.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Steps">The steps that were done.</param>
/// <param name="Problem">Why the next step failed; null when all went well.</param>
public sealed record EndpointTest(string Endpoint, IReadOnlyList<EndpointStep> Steps, string? Problem)
{
    private const int Answer = 42;

    /// <summary>The steps, a line each.</summary>
    public override string ToString() => string.Join('\n', [
        .. Steps.Select(s => $"{s.Name}: {s.Detail} ({EndpointText.Seconds(s.Time)})"),
        Problem is null ? $"{Endpoint} runs cells" : $"{Endpoint} does not run cells: {Problem}",
    ]);

    internal static async Task<EndpointTest> RunAsync(RemoteClient client, string name, CancellationToken cancellationToken)
    {
        var steps = new List<EndpointStep>();
        try
        {
            var info = await StepAsync("reach it", () => client.InfoAsync(name, cancellationToken), i => $"{i.Host}, Beamline {i.Beamline}, .NET {i.Runtime}").ConfigureAwait(false);
            _ = client.Version.Check(info);
            var record = await StepAsync("send a job", () => new JobSender(client).SendAsync(Cell(), new SendRequest(name, new RemoteOptions()), cancellationToken), r => $"job {r.Number}").ConfigureAwait(false);
            record = await StepAsync("wait for it", () => client.Follower(record).RunAsync(record, NoView.Instance, cancellationToken), r => JobLine.Words(r.Status.State) + (r.Status.Host is { } host ? $" on {host}" : "")).ConfigureAwait(false);
            if (record.Status.State != JobState.Succeeded)
            {
                return new EndpointTest(name, steps, JobFailure.Of(record).Message);
            }

            var answer = await StepAsync("fetch its result", () => client.Results.GetAsync(record, "answer", typeof(int), cancellationToken), a => $"answer = {a}").ConfigureAwait(false);
            if (answer is not Answer)
            {
                return new EndpointTest(name, steps, $"the result is {answer} and should be {Answer}");
            }

            client.Registry.Forget(record.Number);
            return new EndpointTest(name, steps, null);
        }
        catch (EndpointException e)
        {
            return new EndpointTest(name, steps, e.Message);
        }

        async Task<T> StepAsync<T>(string what, Func<Task<T>> run, Func<T, string> tell)
        {
            var watch = Stopwatch.StartNew();
            var made = await run().ConfigureAwait(false);
            steps.Add(new EndpointStep(what, watch.Elapsed, tell(made)));
            return made;
        }
    }

    private static CapturedCell Cell() => new()
    {
        Label = "trial of the endpoint",
        Source = "int answer = 6 * 7;",
        Outputs = [new CapturedOutput("answer", "int", IsNew: true)],
    };
}
