using System.Runtime.InteropServices;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Hears that a job is to stop: by SIGTERM before its time is up, by its cancel mark, or by a word of the service.</summary>
internal sealed class WorkerStop : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly JobLayout _layout;
    private readonly Thread _watcher;
    private readonly ManualResetEventSlim _ended = new();
    private static readonly TimeSpan BetweenLooksOfRanks = TimeSpan.FromMilliseconds(50);

    private volatile string? _otherMark;
    private int _isTerminated;

    public WorkerStop(JobLayout layout)
    {
        _layout = layout;
        Token = _stop.Token;

        // A thread of its own: the pool may be full of the very work that is to be stopped.
        _watcher = new Thread(Watch) { IsBackground = true, Name = "Beamline cancel mark" };
        _watcher.UnsafeStart();
    }

    public CancellationToken Token { get; }

    /// <summary>Whether the process was told to end.</summary>
    public bool IsTerminated => Volatile.Read(ref _isTerminated) != 0;

    /// <summary>Another file at which to stop: the mark of a rank that failed.</summary>
    public void StopAt(string mark) => _otherMark = mark;

    /// <summary>How a job that was stopped ended; null when it was not.</summary>
    public JobState? State => !Token.IsCancellationRequested ? null
        : IsTerminated && !File.Exists(_layout.CancelMark) ? JobState.TimedOut
        : JobState.Cancelled;

    /// <summary>The process was told to end.</summary>
    public void Terminate()
    {
        Volatile.Write(ref _isTerminated, 1);
        Cancel();
    }

    /// <summary>The job was cancelled.</summary>
    public void Cancel() => new Thread(() =>
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException)
        {
            // Callbacks of user code on the token.
        }
    })
    { IsBackground = true, Name = "Beamline stop" }.UnsafeStart();

    public void Dispose()
    {
        _ended.Set();
        _watcher.Join();
        _ended.Dispose();
    }

    private void Watch()
    {
        do
        {
            if (File.Exists(_layout.CancelMark) || (_otherMark is { } mark && File.Exists(mark)))
            {
                Cancel();
                return;
            }
        }
        while (!_ended.Wait(_otherMark is null ? BetweenLooks : BetweenLooksOfRanks));
    }
}
