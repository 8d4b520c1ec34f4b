using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>One shell: its requests are answered one after another on a thread of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The queue lives as long as its thread, which ends after Close")]
internal sealed class ShellQueue
{
    /// <summary>So long a request that was sent right behind a cell waits for it, as if all stood in one line.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMilliseconds(200);

    private readonly TimeSpan _patience;
    private readonly BlockingCollection<(JupyterMessage Message, TaskCompletionSource Done)> _queue = new();
    private readonly List<(JupyterMessage Message, TaskCompletionSource Done)> _stopped = [];
    private readonly Action<JupyterMessage, bool> _handle;
    private volatile CellMark? _lastCell;

    /// <param name="name">Of the thread.</param>
    /// <param name="handle">Answers a request; the flag says that a cell is not to be run because of an error before it.</param>
    /// <param name="patience">How long <see cref="WaitForFreshCell"/> waits for a cell, from when it was sent.</param>
    public ShellQueue(string name, Action<JupyterMessage, bool> handle, TimeSpan patience)
    {
        (_handle, _patience) = (handle, patience);
        new Thread(Serve) { IsBackground = true, Name = name }.UnsafeStart();
    }

    /// <returns>False when the shell was closed.</returns>
    public bool TryAdd(JupyterMessage message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (message.Type == "execute_request")
        {
            _lastCell = new CellMark(done.Task, Stopwatch.GetTimestamp());
        }

        try
        {
            _queue.Add((message, done));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Marks all requests that wait now: the cells among them will be answered as aborted.</summary>
    /// <remarks>Called while a request of this shell is answered.</remarks>
    public void StopQueued()
    {
        while (_queue.TryTake(out var next))
        {
            _stopped.Add(next);
        }
    }

    /// <summary>
    /// Waits for the newest cell unless it was sent some time ago: an answer right behind a quick cell knows its variables,
    /// and one during a long cell does not wait for its end.
    /// </summary>
    public void WaitForFreshCell()
    {
        if (_lastCell is { } cell && _patience - Stopwatch.GetElapsedTime(cell.Sent) is var left && left > TimeSpan.Zero)
        {
            cell.Done.Wait(left);
        }
    }

    /// <summary>Takes no more requests; the thread ends after those it has.</summary>
    public void Close() => _queue.CompleteAdding();

    private void Serve()
    {
        foreach (var (message, done) in _queue.GetConsumingEnumerable())
        {
            _handle(message, false);
            done.SetResult();
            foreach (var (next, nextDone) in _stopped)
            {
                _handle(next, next.Type == "execute_request");
                nextDone.SetResult();
            }

            _stopped.Clear();
        }
    }

    private sealed record CellMark(Task Done, long Sent);
}
