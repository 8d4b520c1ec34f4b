using System.Text.Json.Nodes;
using Beamline.Remote;

namespace Beamline.Tests;

/// <summary>A job at an endpoint in memory.</summary>
internal sealed class FakeJob(JobDescription description, int number)
{
    private readonly Lock _gate = new();
    private readonly List<JobEvent> _events = [];
    private readonly TaskCompletionSource _cancel = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JobStatus _status = new(JobState.Queued);

    public JobDescription Description => description;

    public int Number => number;

    public List<JobValue> Outputs { get; } = [];

    public Dictionary<string, string> Files { get; } = [];

    public int Fetches { get; set; }

    public bool IsCancelled => _cancel.Task.IsCompleted;

    /// <summary>Most events that one call gives.</summary>
    public int Batch { get; init; } = 3;

    public JobStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    public void Say(JobEvent shown) => Move(() => _events.Add(shown));

    public void Print(string text, string stream = "stdout") => Say(new JobEvent("stream") { Name = stream, Text = text });

    public void Show(string kind, string text, string? id = null) =>
        Say(new JobEvent(kind) { DisplayId = id, Data = new JsonObject { ["text/plain"] = text } });

    public void Be(JobState state, string? message = null) => Be(new JobStatus(state) { Message = message, Host = state == JobState.Queued ? null : "n1" });

    public void Be(JobStatus status) => Move(() => _status = status);

    public void Give(string name, string type, object? value) => Outputs.Add(new JobValue(name, type, "json") { Json = System.Text.Json.JsonSerializer.SerializeToNode(value) });

    /// <summary>A result in a file.</summary>
    public void GiveFile(string name, string type, string json, long bytes)
    {
        var hash = $"{name}{number}".PadRight(64, '0');
        Files[hash] = json;
        Outputs.Add(new JobValue(name, type, "file") { Arrays = [new JobArray("json", [], bytes, hash)] });
    }

    public void Succeed()
    {
        Be(JobState.Running);
        Be(JobState.Succeeded);
    }

    public void WaitForCancel() => _cancel.Task.Wait(TimeSpan.FromSeconds(30));

    public void Cancel()
    {
        _cancel.TrySetResult();
        Move(() => _status = _status.IsFinal ? _status : new JobStatus(JobState.Cancelled));
    }

    public async Task<JobEvents> EventsAsync(long offset, TimeSpan wait, CancellationToken cancellationToken)
    {
        var before = Status;
        for (var isSecond = false; ; isSecond = true)
        {
            Task moved;
            lock (_gate)
            {
                if (offset < _events.Count || _status.IsFinal || _status != before || isSecond)
                {
                    var some = _events.Skip((int)offset).Take(Batch).ToArray();
                    return new JobEvents(some, offset + some.Length, _status);
                }

                moved = _moved.Task;
            }

            await Task.WhenAny(moved, Task.Delay(wait, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Move(Action change)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            change();
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        moved.SetResult();
    }
}
