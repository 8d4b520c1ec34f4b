using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>A cell of a notebook that runs elsewhere: sends it, shows what it shows, and declares its results here.</summary>
internal sealed class RemoteCell(RemoteClient client, INotebookContext context, ICellStage stage)
{
    /// <summary>Sends a cell and follows it to its end.</summary>
    public async Task RunAsync(CapturedCell cell, SendRequest request)
    {
        var view = new CellView(stage, client.Clock);
        var record = await SendAsync(cell, request, view).ConfigureAwait(false);
        if (cell.Map is null && request.Variable is not null)
        {
            await DeclareJobAsync(record, request.Variable).ConfigureAwait(false);
        }

        await FollowAsync(record, view, cancels: true).ConfigureAwait(false);
    }

    /// <summary>Sends a cell and leaves it.</summary>
    public async Task<RemoteJob> DetachAsync(CapturedCell cell, SendRequest request)
    {
        // The name is that of the job here; its results, which #!attach declares, have other names.
        var record = await SendAsync(cell, request with { Variable = null }, NoView.Instance).ConfigureAwait(false);
        if (request.Variable is not null)
        {
            await DeclareJobAsync(record, request.Variable).ConfigureAwait(false);
        }

        return new RemoteJob(client, record);
    }

    /// <summary>Shows a job from its start, follows it to its end, and declares its results here.</summary>
    public async Task AttachAsync(JobRecord record)
    {
        if (!record.IsAccepted && record.Status.State is JobState.Refused or JobState.Cancelled)
        {
            throw stage.Failure(JobFailure.Of(record));
        }

        await FollowAsync(record, new CellView(stage, client.Clock), cancels: false).ConfigureAwait(false);
    }

    private async Task<JobRecord> SendAsync(CapturedCell cell, SendRequest request, IJobView view)
    {
        foreach (var reason in cell.NotComingBack)
        {
            stage.Warn($"does not come back: {reason}");
        }

        var isPrepared = view is NoView;
        request = request with
        {
            Ask = stage.Ask,
            Warn = stage.Warn,
            Sending = (record, note) =>
            {
                view.Status(record, note);
                if (!isPrepared)
                {
                    isPrepared = true;
                    Prepare(record);
                }
            },
        };
        var sent = await new JobSender(client).SendAsync(cell, request, context.CancellationToken).ConfigureAwait(false);
        if (cell.Map is not null)
        {
            client.Retries.Keep(sent, cell, request);
        }

        return sent;
    }

    // The compiler takes as long as a small job: both at the same time.
    private void Prepare(JobRecord record)
    {
        if (record.Map is null && !record.IsLazy && ResultCode.Expected(record) is { Length: > 0 } code)
        {
            stage.Prepare(code);
        }
    }

    private Task<object?> DeclareJobAsync(JobRecord record, string name) => context.RunCodeAsync(
        $"global::Beamline.Remote.RemoteJob {name} = global::Beamline.Remote.RemoteJobs.Find({record.Number});");

    private async Task FollowAsync(JobRecord record, CellView view, bool cancels)
    {
        // The wait itself is left behind by an interrupt, so the job hears of it here.
        using var stopped = context.CancellationToken.Register(() => Stopped(record, view, cancels));
        JobRecord ended;
        try
        {
            ended = await client.Follower(record).RunAsync(record, view, context.CancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException e) when (!e.IsUnreachable && !record.IsAccepted)
        {
            throw new EndpointException($"Job {record.Number} never arrived at {record.Endpoint}, so it did not run: run its cell again. ({e.Message})", e);
        }

        await DeclareAsync(ended).ConfigureAwait(false);
        if (ended.Status.State != JobState.Succeeded)
        {
            throw stage.Failure(JobFailure.Of(ended));
        }
    }

    private void Stopped(JobRecord record, CellView view, bool cancels)
    {
        if (!cancels || stage.IsKernelEnding)
        {
            stage.Stream("stdout", $"job {record.Number} goes on at {record.Endpoint}: #!attach {record.Number} comes back to it, #!cancel {record.Number} ends it.\n");
            return;
        }

        client.Finish(CancelAsync(record, view));
    }

    private async Task CancelAsync(JobRecord record, CellView view)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await client.Connect(record.Endpoint).CancelAsync(record.JobId, soon.Token).ConfigureAwait(false);
            var status = await client.Connect(record.Endpoint).StatusAsync(record.JobId, soon.Token).ConfigureAwait(false);
            view.Status(client.Registry.Update((client.Registry.Find(record.Number) ?? record) with { Status = status }), status.IsFinal ? null : "is being cancelled");
        }
        catch (Exception e) when (e is EndpointException or OperationCanceledException)
        {
            view.Status(record, $"could not be cancelled, it may go on: #!cancel {record.Number} tries again ({e.Message})");
        }
    }

    /// <summary>Makes variables of what came, also when the job did not end well.</summary>
    private async Task DeclareAsync(JobRecord record)
    {
        var isWhole = record.Status.State == JobState.Succeeded;
        if (record.Map is { } map)
        {
            await DeclareMapAsync(record, map).ConfigureAwait(false);
            return;
        }

        if (record.Outputs.Count == 0 && (record.Declarations.Length == 0 || !isWhole))
        {
            return;
        }

        IReadOnlyList<JobValue> values;
        try
        {
            values = await client.Results.ListAsync(record, context.CancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException) when (!isWhole)
        {
            // The job's own failure is what the user must hear of.
            return;
        }

        var (take, later) = await SortAsync(record, values, isWhole).ConfigureAwait(false);
        if (take.Count > 0 || isWhole)
        {
            if (ResultCode.Of(record, take, later) is { Length: > 0 } code)
            {
                await context.RunCodeAsync(code).ConfigureAwait(false);
            }
        }

        if (!isWhole && take.Count > 0)
        {
            stage.Warn($"Job {record.Number} {JobLine.Words(record.Status.State)}; these results came all the same: {string.Join(", ", take.Select(t => t.Name))}.");
        }
    }

    private async Task<(List<CapturedOutput> Take, HashSet<string> Later)> SortAsync(JobRecord record, IReadOnlyList<JobValue> values, bool isWhole)
    {
        var take = new List<CapturedOutput>();
        var later = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in record.Outputs)
        {
            var value = values.FirstOrDefault(v => v.Name == output.Name.TrimStart('@'));
            if (value?.Problem is { } problem)
            {
                stage.Warn($"{output.Name} ({output.TypeName}) did not come back: {problem}");
            }
            else if (value is not null)
            {
                take.Add(output);
                if (output.IsNew && (record.IsLazy || value.Arrays.Sum(a => a.Bytes) > ResultCode.LazyAbove))
                {
                    later.Add(output.Name);
                }
                else
                {
                    await client.Results.FetchAsync(record, value, context.CancellationToken).ConfigureAwait(false);
                }
            }
            else if (isWhole)
            {
                stage.Warn($"{output.Name} ({output.TypeName}) did not come back: {record.Endpoint} has no value of it.");
            }
        }

        return (take, later);
    }

    private async Task DeclareMapAsync(JobRecord record, JobMap map)
    {
        var name = record.Variable ?? "results";
        var type = $"global::Beamline.Remote.RemoteMap<{map.ResultType}>";
        var declarations = record.Declarations.Length > 0 ? record.Declarations.TrimEnd() + "\n" : "";
        await context.RunCodeAsync($"{declarations}{type} {name} = global::Beamline.Remote.RemoteMaps.Take<{map.ResultType}>({record.Number});").ConfigureAwait(false);
        if (context.FindVariable(name)?.Value is not IRemoteMap results)
        {
            return;
        }

        foreach (var failed in results.Failed.Take(20))
        {
            stage.Stream("stderr", failed + "\n");
        }

        if (results.Failed.Count > 20)
        {
            stage.Stream("stderr", $"... and {results.Failed.Count - 20} more: {name}.Failed has all.\n");
        }

        if (results.Failed.Count > 0 || results.Completed < results.Count)
        {
            stage.Stream("stderr", $"{name} has the results of {results.Completed - results.Failed.Count} of {results.Count} items; await {name}.RetryFailedAsync() runs the others again.\n");
        }

        // Other ends of the job have words of their own; that of a failed item alone would not say which item it was.
        if (record.Status.State is JobState.Succeeded or JobState.Failed && results.Failed.Count > 0)
        {
            var message = $"{results.Failed.Count} of {results.Count} items of job {record.Number} failed; the first: {results.Failed[0]}";
            throw stage.Failure(new JobError("RemoteMapError", message, [$"\u001b[31mRemoteMapError\u001b[0m: {message}", .. results.Failed[0].Error.Traceback]));
        }
    }
}
