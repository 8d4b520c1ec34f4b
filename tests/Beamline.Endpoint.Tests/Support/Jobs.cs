using System.Diagnostics;
using System.Security.Cryptography;

namespace Beamline.Endpoint.Tests;

/// <summary>Jobs for the double of a worker.</summary>
internal static class Jobs
{
    /// <summary>Only against a test that never ends.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static IReadOnlyDictionary<string, IArraySource> NoArrays { get; } = new Dictionary<string, IArraySource>();

    public static JobDescription Of(string source) => new()
    {
        Id = JobNames.NewId(),
        Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        Created = DateTimeOffset.UtcNow,
        Expires = DateTimeOffset.UtcNow.AddHours(1),
        User = "somebody",
        Label = "cell 1",
        Source = source,
        Framework = BeamlineProgram.Framework,
        Runtime = Environment.Version.ToString(),
        Beamline = BeamlineProgram.Version,
    };

    public static JobDescription MapOf(string source, int count, int retries = 0, int throttle = 0) => Of(source) with
    {
        Inputs = [new JobValue("items", "int[]", "json") { Json = new System.Text.Json.Nodes.JsonArray() }],
        Map = new JobMap("item", "int", "int", count, "Run") { Items = "items", Retries = retries, Throttle = throttle },
    };

    public static async Task<JobStatus> EndAsync(this IEndpointConnection connection, string id)
    {
        for (var offset = 0L; ;)
        {
            var page = await connection.EventsAsync(id, offset, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            if (page.Status.IsFinal && page.Events.Count == 0)
            {
                return page.Status;
            }

            offset = page.Next;
        }
    }

    public static async Task<List<JobEvent>> AllEventsAsync(this IEndpointConnection connection, string id)
    {
        var all = new List<JobEvent>();
        for (var offset = 0L; ;)
        {
            var page = await connection.EventsAsync(id, offset, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            if (page.Status.IsFinal && page.Events.Count == 0)
            {
                return all;
            }

            all.AddRange(page.Events);
            offset = page.Next;
        }
    }

    public static async Task RunsAsync(this IEndpointConnection connection, string id)
    {
        await UntilAsync(async () => (await connection.StatusAsync(id, TestContext.Current.CancellationToken)).State == JobState.Running);
    }

    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(since.Elapsed < Longest, "It did not happen.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static ArraySource Source(byte[] bytes) => new(bytes);

    /// <summary>A file to send, which counts how often it is written.</summary>
    internal sealed class ArraySource(byte[] bytes) : IArraySource
    {
        public int Written { get; private set; }

        public JobArray Array { get; } = new("<u1", [bytes.Length], bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

        public void WriteTo(Stream stream)
        {
            Written++;
            stream.Write(bytes);
        }
    }

    /// <summary>A job with a file as input.</summary>
    public static JobDescription With(this JobDescription job, IArraySource source) =>
        job with { Inputs = [.. job.Inputs, new JobValue("input" + job.Inputs.Count, "byte[]", "array") { Arrays = [source.Array] }] };
}

/// <summary>Asks whether anybody answers.</summary>
internal static class Presence
{
    public static async Task<bool> ListIsThereAsync(this IEndpointConnection connection)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        try
        {
            await connection.ListAsync(soon.Token);
            return true;
        }
        catch (Exception e) when (e is EndpointException or OperationCanceledException)
        {
            return false;
        }
    }
}
