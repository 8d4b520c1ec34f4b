using System.Security.Cryptography;

namespace Beamline.Remote;

/// <summary>How a cell goes off.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Options">What it asks for.</param>
internal sealed record SendRequest(string Endpoint, RemoteOptions Options)
{
    /// <summary>Name of the variable that gets the results of a map, or the job.</summary>
    public string? Variable { get; init; }

    public bool IsLazy { get; init; }

    public string Notebook { get; init; } = "";

    /// <summary>Asks for a line; null where nobody can answer.</summary>
    public Func<string, string?>? Ask { get; init; }

    /// <summary>How to say beforehand that much may be sent.</summary>
    public string HowToAgree { get; init; } = "SendsAnything = true";

    public Action<string>? Warn { get; init; }

    /// <summary>Hears of what is being done before the job is accepted.</summary>
    public Action<JobRecord, string?>? Sending { get; init; }
}

/// <summary>Sends a cell: encodes its inputs, asks about their size, signs, writes down, sends.</summary>
internal sealed class JobSender(RemoteClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _id = JobNames.NewId();

    /// <returns>The job, accepted by its endpoint.</returns>
    /// <exception cref="EndpointException">It cannot go; a job that was written down already has the reason in its status.</exception>
    public async Task<JobRecord> SendAsync(CapturedCell cell, SendRequest request, CancellationToken cancellationToken)
    {
        var file = client.Catalog.Find(request.Endpoint);
        var after = request.Options.After.Select(n => Earlier(n, request.Endpoint)).ToArray();
        var info = await client.InfoAsync(request.Endpoint, cancellationToken).ConfigureAwait(false);
        if (client.Version.Check(info) is { } warning)
        {
            request.Warn?.Invoke(warning);
        }

        // Hashing of large arrays must not hold the thread of the cell.
        var inputs = await Task.Run(() => cell.Inputs.Select(i => client.Codec.Encode(i, cancellationToken)).ToArray(), cancellationToken).ConfigureAwait(false);
        SentScans.Check(inputs.Select(i => i.Value), info);
        CheckSizes(inputs, info, file, request);
        var resources = file.WithDefaults(request.Options.Resources(after));
        if (info.LongestWalltime is { } longest && resources.Walltime > longest)
        {
            throw new EndpointException($"{request.Endpoint} lets a job run for {EndpointText.Walltime(longest)} at most, and {EndpointText.Walltime(resources.Walltime.Value)} was asked for: give a shorter --time.");
        }

        var signed = client.Codec.Sign(Describe(cell, request.Options, resources, inputs, info));
        var record = await client.Registry.AddAsync(number => new JobRecord
        {
            Number = number, Endpoint = request.Endpoint, JobId = _id, Label = cell.Label, Source = cell.Source, Created = client.Clock.GetUtcNow(),
            Notebook = request.Notebook, ProcessId = Environment.ProcessId, Outputs = cell.Outputs, NotComingBack = cell.NotComingBack,
            Declarations = cell.Declarations, Map = cell.Map, Variable = request.Variable, IsLazy = request.IsLazy, InputBytes = inputs.Sum(i => i.Bytes),
            Status = new JobStatus(JobState.Queued) { Since = client.Clock.GetUtcNow(), Message = "being sent" },
        }, cancellationToken).ConfigureAwait(false);
        client.Registry.Files(record.Number).Write(signed);
        request.Sending?.Invoke(record, null);
        return await DeliverAsync(record, signed, inputs, request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JobRecord> DeliverAsync(JobRecord record, SignedJob signed, EncodedInput[] inputs, SendRequest request, CancellationToken cancellationToken)
    {
        var arrays = inputs.SelectMany(i => i.Arrays).DistinctBy(a => a.Array.Sha256).ToDictionary(a => a.Array.Sha256, StringComparer.Ordinal);
        var sent = new Counter(bytes => request.Sending?.Invoke(record with { SentBytes = bytes }, null));
        DateTimeOffset? lostAt = null;
        var reached = 0L;
        while (true)
        {
            try
            {
                var status = await client.Connect(record.Endpoint).SubmitAsync(signed, arrays, sent, cancellationToken).ConfigureAwait(false);
                return client.Registry.Update(record with { IsAccepted = true, Status = status, SentBytes = sent.Most });
            }
            catch (EndpointException e) when (e.IsUnreachable && IsWorthAnotherTry(ref lostAt, ref reached))
            {
                // The same job a second time is not run twice.
                request.Sending?.Invoke(record, $"{record.Endpoint} cannot be reached, trying again ({e.Message})");
                await Task.Delay(TimeSpan.FromSeconds(1), client.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EndpointException or OperationCanceledException)
            {
                var state = e is OperationCanceledException ? JobState.Cancelled : ((EndpointException)e).IsUnreachable ? JobState.Lost : JobState.Refused;
                client.Registry.Update(record with { Status = new JobStatus(state) { Since = client.Clock.GetUtcNow(), Message = e is OperationCanceledException ? "stopped while it was sent" : e.Message } });
                if (state == JobState.Cancelled)
                {
                    await CancelQuietlyAsync(record).ConfigureAwait(false);
                }

                throw;
            }
        }

        // From the last byte on that came further than any before: an upload may take hours, and its line may break at the end of them.
        bool IsWorthAnotherTry(ref DateTimeOffset? lostAt, ref long reached)
        {
            var now = client.Clock.GetUtcNow();
            if (lostAt is null || sent.Most > reached)
            {
                (lostAt, reached) = (now, sent.Most);
            }

            return now - lostAt < Patience;
        }
    }

    // It may have arrived although the answer did not.
    private async Task CancelQuietlyAsync(JobRecord record)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await client.Connect(record.Endpoint).CancelAsync(record.JobId, soon.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EndpointException or OperationCanceledException)
        {
        }
    }

    private static void CheckSizes(EncodedInput[] inputs, EndpointInfo info, EndpointFile file, SendRequest request)
    {
        var sizes = inputs.Select(i => (i.Value.Name, i.Value.Type, i.Bytes)).ToArray();
        if (info.LargestUploadBytes > 0 && inputs.SelectMany(i => i.Arrays.Select(a => (i.Value, a.Array.Bytes))).OrderByDescending(a => a.Bytes).FirstOrDefault() is var (value, bytes)
            && value is not null && bytes > info.LargestUploadBytes)
        {
            throw new EndpointException(
                $"{value.Name} ({value.Type}) has {ByteText.Of(bytes)}, and {info.Name} takes files of {ByteText.Of(info.LargestUploadBytes)} at most. " +
                "Put it on a file system that both see and open it in the cell, or send a part of it.");
        }

        // In a folder of both nothing leaves the machine: it costs a copy on a disk, and a full disk says so.
        if (!request.Options.SendsAnything && info.SharedStore is null)
        {
            InputSizes.Check(request.Endpoint, sizes, file.Bytes("askAbove") ?? InputSizes.AskAbove, request.Ask, request.HowToAgree);
        }
    }

    private string Earlier(int number, string endpoint)
    {
        var record = client.Find(number);
        return record.Endpoint == endpoint ? record.JobId : throw new EndpointException(
            $"Job {number} is on {record.Endpoint}: a job can only wait for jobs of the same endpoint ({endpoint}).");
    }

    private JobDescription Describe(CapturedCell cell, RemoteOptions options, JobResources resources, EncodedInput[] inputs, EndpointInfo info)
    {
        var now = client.Clock.GetUtcNow();
        return new JobDescription
        {
            Id = _id,
            Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Created = now,
            Expires = now + TimeSpan.FromHours(1),
            User = Environment.UserName,
            Label = cell.Label,
            Source = cell.Source,
            Prelude = cell.Prelude,
            Usings = cell.Usings,
            Packages = cell.Packages,
            Framework = client.Version.Framework,
            Runtime = client.Version.Runtime,
            Beamline = client.Version.Beamline,
            Inputs = [.. inputs.Select(i => i.Value)],
            Outputs = [.. cell.Outputs.Select(o => new JobWish(o.Name, o.TypeName))],
            Resources = resources,
            Map = cell.Map is null ? null : cell.Map with { Throttle = options.Throttle, Retries = options.Retries },
            Device = options.Device,
            Folder = info.SharedStore is null ? null : Directory.GetCurrentDirectory(),
        };
    }

    private sealed class Counter(Action<long> moved) : IProgress<(long Sent, long All)>
    {
        private long _most;

        public long Most => Interlocked.Read(ref _most);

        public void Report((long Sent, long All) value)
        {
            if (value.Sent > Most)
            {
                Interlocked.Exchange(ref _most, value.Sent);
                moved(value.Sent);
            }
        }
    }
}
