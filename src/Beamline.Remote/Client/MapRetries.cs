using System.Collections.Concurrent;

namespace Beamline.Remote;

/// <summary>The maps of this session with their items, so that some of them can run again.</summary>
internal sealed class MapRetries(RemoteClient client)
{
    private readonly ConcurrentDictionary<int, (CapturedCell Cell, SendRequest Request)> _sent = new();

    public void Keep(JobRecord record, CapturedCell cell, SendRequest request) => _sent[record.Number] = (cell, request);

    /// <summary>How to run some items again; null when the session does not have them.</summary>
    public Func<IReadOnlyList<int>, CancellationToken, Task<RemoteMap<T>>>? Of<T>(JobRecord record) => _sent.TryGetValue(record.Number, out var sent)
        ? async (items, cancellationToken) =>
        {
            var part = Part(sent.Cell, items);
            var again = await new JobSender(client).SendAsync(part, sent.Request, cancellationToken).ConfigureAwait(false);
            Keep(again, part, sent.Request);
            return new RemoteMap<T>(client, again, Of<T>(again));
        }
        : null;

    /// <summary>The same cell with some of its items.</summary>
    internal static CapturedCell Part(CapturedCell cell, IReadOnlyList<int> items)
    {
        var map = cell.Map!;
        var all = cell.Inputs.First(i => i.Name == map.Items);
        var from = (Array)all.Value!;
        var part = Array.CreateInstance(from.GetType().GetElementType()!, items.Count);
        for (var k = 0; k < items.Count; k++)
        {
            part.SetValue(from.GetValue(items[k]), k);
        }

        return cell with
        {
            Map = map with { Count = items.Count },
            Inputs = [.. cell.Inputs.Select(i => i == all ? i with { Value = part } : i)],
        };
    }
}
