namespace Beamline.Endpoint;

/// <summary>A worker of an earlier service: it finishes its job and ends, and nothing but its process tells when.</summary>
internal sealed class AdoptedWorker(WorkerTrace trace) : IWorker
{
    public WorkerTrace Trace => trace;

    public bool IsAlive => ProcessFacts.IsAlive(trace);

    /// <summary>Waits for the end of what it runs already.</summary>
    public async Task<WorkerReply> RunAsync(string folder, ItemRange? range, string user)
    {
        while (IsAlive)
        {
            await Task.Delay(25);
        }

        ProcessFacts.SignalSession(trace.ProcessId, ProcessFacts.Kill);
        return new WorkerReply(null, null, true);
    }

    /// <summary>Its standard input is closed; it sees the mark in the folder.</summary>
    public void Cancel(string folder)
    {
    }

    public void Terminate() => ProcessFacts.Signal(IsAlive ? trace.ProcessId : 0, ProcessFacts.Terminate);

    public void Kill()
    {
        if (IsAlive)
        {
            ProcessFacts.SignalSession(trace.ProcessId, ProcessFacts.Kill);
        }
    }

    public long MemoryBytes() => IsAlive ? ProcessFacts.SessionBytes(trace.ProcessId) : 0;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
