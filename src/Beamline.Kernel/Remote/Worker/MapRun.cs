using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>What a worker writes into the code of a map. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MapItems
{
    /// <summary>Calls the function of a map for each item of the part that this worker runs.</summary>
    /// <param name="function">The function: one parameter, the item.</param>
    /// <exception cref="InvalidOperationException">No map runs here.</exception>
    public static Task RunAsync(Delegate function)
    {
        var cell = CellScope.Current;
        return (cell?.Request.Job?.Map ?? throw new InvalidOperationException("Maps run in a worker only.")).RunAsync(cell, function);
    }
}

/// <summary>The items of a map, one after the other. One that fails does not stop the others.</summary>
/// <param name="map">The map.</param>
/// <param name="range">First and last item.</param>
/// <param name="log">Gets an event for each item.</param>
/// <param name="sink">Told which item prints.</param>
/// <param name="values">Takes results apart.</param>
internal sealed class MapRun(JobMap map, (int First, int Last) range, JobEventLog log, JobSink sink, WorkerValues values)
{
    private readonly List<int> _failed = [];

    /// <summary>Items that ended, well or not.</summary>
    public int Done { get; private set; }

    /// <summary>Items that are through already, from an earlier attempt of the job.</summary>
    public IReadOnlySet<int> Before { get; init; } = new HashSet<int>();

    /// <summary>Items that failed for good.</summary>
    public IReadOnlyList<int> Failed => _failed;

    /// <summary>The error of the first item that failed.</summary>
    public JobError? FirstError { get; private set; }

    public async Task RunAsync(CellRun cell, Delegate function)
    {
        var items = cell.Kernel.Session.FindVariable(map.Items)?.Value as IList ??
            throw new InvalidOperationException($"The job has no array '{map.Items}' of items to run over.");
        try
        {
            for (var i = range.First; i <= range.Last; i++)
            {
                cell.CancellationToken.ThrowIfCancellationRequested();
                if (i >= items.Count)
                {
                    throw new InvalidOperationException($"Item {i} was asked for, and '{map.Items}' has {items.Count}.");
                }

                if (!Before.Contains(i))
                {
                    cell.Output.Flush();
                    sink.Item = i;

                    // No ConfigureAwait(false), here and below: what follows belongs on the execution thread.
                    await RunItemAsync(cell, function, i, items[i]);
                    cell.Output.Flush();
                }

                Done++;
            }
        }
        finally
        {
            sink.Item = null;
        }
    }

    private async Task RunItemAsync(CellRun cell, Delegate function, int index, object? item)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await AwaitedAsync(function.DynamicInvoke(item));
                var type = result?.GetType() ?? typeof(object);
                var value = values.Encode("result", map.ResultType, type, result);
                if (value.Problem is { } problem)
                {
                    throw new InvalidOperationException($"The result of item {index} cannot travel back: {problem}");
                }

                cell.Output.Flush();
                log.Write(new JobEvent("item") { Item = index, Attempt = attempt, Value = value });
                return;
            }
            catch (Exception exception) when (cell.Stopped is null || !StopErrors.IsStop(exception))
            {
                var report = RuntimeErrorReport.From(exception, cell.Kernel.Session.SourceOf);
                cell.Output.Flush();
                if (attempt <= map.Retries)
                {
                    log.Write(new JobEvent("warning")
                    {
                        Item = index,
                        Attempt = attempt,
                        Text = $"Item {index} failed and is tried again ({attempt} of {map.Retries}): {report.Name}: {report.Message}",
                    });
                    continue;
                }

                var error = new JobError(report.Name, report.Message, JobEnd.Shown(report.Traceback));
                FirstError ??= error;
                _failed.Add(index);
                log.Write(new JobEvent("item") { Item = index, Attempt = attempt, Error = error });
                return;
            }
        }
    }

    private static async Task<object?> AwaitedAsync(object? result)
    {
        if (result is ValueType && result.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            result = type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(result, null);
        }

        if (result is not Task task)
        {
            return result;
        }

        await task;
        return task.GetType().GetProperty(nameof(Task<>.Result), BindingFlags.Public | BindingFlags.Instance)?.GetValue(task);
    }
}
