using System.Collections.Concurrent;

namespace Beamline.Kernel;

/// <summary>Runs an async cell on one thread: whatever follows an await comes back to it.</summary>
internal sealed class CellPump : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ObjectDisposedException)
        {
            // The cell is over (it started something and did not await it): its continuations run on the pool.
            ThreadPool.QueueUserWorkItem(_ => d(state));
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs to the end, or until the token stops a wait.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while nothing could go on.</exception>
    public void Run(Func<Task> body, CancellationToken cancellationToken)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = body();
            if (!task.IsCompleted)
            {
                task.ContinueWith(
                    _ => Post(static _ => { }, null),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default);
                while (!task.IsCompleted)
                {
                    var (callback, state) = _queue.Take(cancellationToken);
                    callback(state);
                }
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
            _queue.CompleteAdding();
            while (_queue.TryTake(out var rest))
            {
                ThreadPool.QueueUserWorkItem(_ => rest.Callback(rest.State));
            }
        }
    }

    /// <summary>Runs something on the pump's thread, whichever thread asks.</summary>
    public Task<T> InvokeAsync<T>(Func<Task<T>> body)
    {
        if (Current == this)
        {
            return body();
        }

        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flow = ExecutionContext.Capture();
        Post(
            _ =>
            {
                if (flow is null)
                {
                    Start();
                }
                else
                {
                    ExecutionContext.Run(flow, _ => Start(), null);
                }
            },
            null);
        return result.Task;

        async void Start()
        {
            try
            {
                result.TrySetResult(await body());
            }
            catch (Exception exception)
            {
                result.TrySetException(exception);
            }
        }
    }

    public void Dispose() => _queue.Dispose();
}
