using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Which items of a map are done. What it knows is in display.jsonl, and read from there again after a restart.</summary>
internal sealed class MapProgress
{
    /// <summary>Most items of one order: a cancel and a crash reach no more than these.</summary>
    private const int LargestRange = 250;

    private const int PageBytes = 4 << 20;

    private readonly int _retries;
    private readonly State[] _items;
    private readonly Dictionary<int, int> _attempts = [];
    private readonly SortedDictionary<int, JobError> _failed = [];
    private int _cursor;
    private int _waiting;
    private bool _isClosed;
    private long _position;

    public MapProgress(int count, int retries)
    {
        _retries = retries;
        _items = new State[count];
        _waiting = count;
    }

    private enum State : byte
    {
        Waiting,
        Out,
        Done,
        Failed,
    }

    public int Count => _items.Length;

    public int Done { get; private set; }

    /// <summary>Items that failed for good, with their last error.</summary>
    public IReadOnlyDictionary<int, JobError> Failed => _failed;

    /// <summary>Items that can be handed out.</summary>
    public int Waiting => _isClosed ? 0 : _waiting;

    public bool IsComplete => Done + _failed.Count == Count;

    /// <summary>Takes some items to run: many at first, fewer towards the end, so that all workers end together.</summary>
    /// <param name="workers">How many workers share the work.</param>
    public ItemRange? Take(int workers)
    {
        while (!_isClosed && _cursor < Count && _items[_cursor] != State.Waiting)
        {
            _cursor++;
        }

        if (_isClosed || _cursor == Count)
        {
            return null;
        }

        var first = _cursor;
        var attempt = Attempt(first);
        // An item that failed goes alone: it may take a worker with it.
        var most = attempt > 1 ? 1 : Math.Clamp(Waiting / (2 * workers), 1, LargestRange);
        var last = first;
        while (last + 1 < Count && last + 1 - first < most && _items[last + 1] == State.Waiting && Attempt(last + 1) == attempt)
        {
            last++;
        }

        var range = new ItemRange(first, last, attempt);
        MarkOut(range);
        return range;
    }

    /// <summary>Items that a worker has.</summary>
    public void MarkOut(ItemRange range)
    {
        for (var i = range.First; i <= range.Last; i++)
        {
            if (_items[i] == State.Waiting)
            {
                _items[i] = State.Out;
                _waiting--;
            }
        }
    }

    /// <summary>Nothing more is handed out.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Reads which items ended since the last time.</summary>
    public void Collect(string folder)
    {
        while (true)
        {
            var (events, next) = JobEventReader.Read(folder, _position, PageBytes);
            if (next == _position)
            {
                return;
            }

            _position = next;
            foreach (var item in events.Where(e => e.Kind == "item"))
            {
                Hear(item);
            }
        }
    }

    /// <summary>After a worker is done with a range: what becomes of items without a word.</summary>
    /// <param name="range">What it had.</param>
    /// <param name="error">Why the one that it was at has failed.</param>
    /// <returns>Items to report as failed, and whether any item of the range had ended.</returns>
    public (ItemRange? Culprit, bool IsFinal, int Left) End(ItemRange range, JobError error)
    {
        // One that failed there may be with another worker by now, at its next attempt.
        var left = Enumerable.Range(range.First, range.Count).Where(i => IsWith(range, i)).ToArray();
        if (left.Length == 0)
        {
            return (null, false, 0);
        }

        // Items run in order: the first without a word is the one that the worker was at.
        var culprit = left[0];
        foreach (var item in left[1..])
        {
            GiveBack(item);
        }

        return (new ItemRange(culprit, culprit, Attempt(culprit)), Fail(culprit, error), left.Length);
    }

    /// <summary>Whether any item of a range has ended, one way or the other.</summary>
    public bool HasEnded(ItemRange range) => Enumerable.Range(range.First, range.Count).Any(i => !IsWith(range, i));

    private bool IsWith(ItemRange range, int item) => _items[item] == State.Out && Attempt(item) == range.Attempt;

    private int Attempt(int item) => _attempts.GetValueOrDefault(item, 1);

    private void GiveBack(int item)
    {
        _items[item] = State.Waiting;
        _waiting++;
        _cursor = Math.Min(_cursor, item);
    }

    private void Hear(JobEvent e)
    {
        if (e.Item is not { } item || item < 0 || item >= Count || _items[item] is State.Done or State.Failed)
        {
            return;
        }

        if (e.Error is { } error)
        {
            _attempts[item] = Math.Max(Attempt(item), e.Attempt);
            Fail(item, error);
            return;
        }

        _waiting -= _items[item] == State.Waiting ? 1 : 0;
        _items[item] = State.Done;
        Done++;
    }

    /// <summary>True when that was its last attempt.</summary>
    private bool Fail(int item, JobError error)
    {
        if (Attempt(item) <= _retries)
        {
            _attempts[item] = Attempt(item) + 1;
            if (_items[item] == State.Out)
            {
                GiveBack(item);
            }

            return false;
        }

        _waiting -= _items[item] == State.Waiting ? 1 : 0;
        _items[item] = State.Failed;
        _failed[item] = error;
        return true;
    }
}
