using System.Diagnostics;
using System.Text;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>A warm worker: orders go to its standard input, and its answers come from its standard output.</summary>
internal sealed class ServedWorker : IWorker
{
    private readonly Process _process;
    private readonly string _log;
    private readonly long _logStart;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<WorkerReply>? _run;
    private string? _folder;
    private WorkerReply? _exit;

    public ServedWorker(Process process, string log)
    {
        (_process, _log) = (process, log);
        _logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
        Trace = new WorkerTrace(process.Id, ProcessFacts.Started(process.Id) ?? "");
        _ = Task.Run(ReadAsync);
    }

    public WorkerTrace Trace { get; }

    public bool IsAlive
    {
        get
        {
            lock (_gate)
            {
                return _exit is null;
            }
        }
    }

    /// <summary>Waits for the word that the worker is ready.</summary>
    /// <exception cref="EndpointException">It ended before, or said nothing in time.</exception>
    public async Task ReadyAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await _ready.Task.WaitAsync(longest, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new EndpointException($"A worker did not get ready in {longest.TotalSeconds:0} s.{Said()}");
        }
    }

    public Task<WorkerReply> RunAsync(string folder, ItemRange? range, string user)
    {
        TaskCompletionSource<WorkerReply> run;
        lock (_gate)
        {
            if (_exit is not null)
            {
                return Task.FromResult(_exit);
            }

            run = _run = new TaskCompletionSource<WorkerReply>(TaskCreationOptions.RunContinuationsAsynchronously);
            _folder = folder;
        }

        Send(new WorkerOrder { Job = folder, Items = range?.Text, User = user, Attempt = range is { Attempt: > 1 } ? range.Attempt : 0 });
        return run.Task;
    }

    public void Cancel(string folder) => Send(new WorkerOrder { Cancel = folder });

    public void Terminate() => ProcessFacts.Signal(IsAlive ? Trace.ProcessId : 0, ProcessFacts.Terminate);

    // Children may live on when the worker itself is gone.
    public void Kill() => ProcessFacts.SignalSession(Trace.ProcessId, ProcessFacts.Kill);

    public long MemoryBytes() => ProcessFacts.SessionBytes(Trace.ProcessId);

    /// <summary>Lets go: the worker ends when it has finished what it does.</summary>
    public ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone already.
        }

        return ValueTask.CompletedTask;
    }

    private void Send(WorkerOrder order)
    {
        try
        {
            lock (_process)
            {
                var stream = _process.StandardInput.BaseStream;
                stream.Write([.. JobJson.Write(order), (byte)'\n']);
                stream.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is about to be known that the worker has ended.
        }
    }

    private async Task ReadAsync()
    {
        var reader = new StreamReader(_process.StandardOutput.BaseStream, new UTF8Encoding(false));
        while (await reader.ReadLineAsync() is { } text)
        {
            Hear(text);
        }

        await _process.WaitForExitAsync();
        var exit = new WorkerReply(null, _process.ExitCode, true);
        TaskCompletionSource<WorkerReply>? run;
        lock (_gate)
        {
            _exit = exit;
            (run, _run) = (_run, null);
        }

        // What it started and left behind must not go on computing beside the next job.
        Kill();
        run?.TrySetResult(exit);
        _ready.TrySetException(new EndpointException($"A worker ended before it was ready (exit code {exit.ExitCode}).{Said()}"));
        // Nobody may be waiting for a worker that is started ahead.
        _ = _ready.Task.Exception;
        _process.Dispose();
    }

    private void Hear(string text)
    {
        WorkerLine line;
        try
        {
            line = JobJson.Read<WorkerLine>(Encoding.UTF8.GetBytes(text), "The line of a worker");
        }
        catch (EndpointException e)
        {
            Console.Error.WriteLine($"worker {Trace.ProcessId}: {e.Message}");
            return;
        }

        if (line.Ready)
        {
            _ready.TrySetResult();
        }

        TaskCompletionSource<WorkerReply>? run = null;
        lock (_gate)
        {
            if (line.State is not null && line.Job == _folder)
            {
                (run, _run) = (_run, null);
            }
        }

        run?.TrySetResult(new WorkerReply(line.State, null, false) { Message = line.Message });
    }

    private string Said()
    {
        try
        {
            using var log = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Position = Math.Max(_logStart, log.Length - 2000);
            var text = new StreamReader(log, Encoding.UTF8).ReadToEnd().Trim();
            return text.Length == 0 ? $" It said nothing in {_log}." : $" It said: {text}";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
