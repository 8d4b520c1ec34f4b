using System.Text;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Orders what a cell prints and displays, joins small prints, and keeps only head and tail of a flood.
/// Any thread may write.
/// </summary>
internal sealed class CellOutput : IDisposable
{
    /// <summary>Characters of stream output that a cell keeps from its start, and again from its end.</summary>
    public const int DefaultKept = 1 << 20;

    private const int FlushAt = 8192;
    private const int FlushMilliseconds = 50;

    private readonly Lock _gate = new();
    private readonly ICellSink _sink;
    private readonly int _kept;
    private readonly Timer _timer;
    private readonly StringBuilder _pending = new();
    private readonly LinkedList<(string Name, string Text)> _tail = new();
    private string _pendingName = "stdout";
    private int _headWritten;
    private int _tailLength;
    private long _droppedBytes;
    private bool _finished;
    private bool _closed;

    public CellOutput(ICellSink sink, int kept = DefaultKept)
    {
        (_sink, _kept) = (sink, kept);
        _timer = new Timer(_ => Flush());
    }

    public void Write(string name, ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            if (_closed || text.IsEmpty)
            {
                return;
            }

            var head = Math.Min(text.Length, _kept - _headWritten);
            if (head > 0 && head < text.Length && char.IsHighSurrogate(text[head - 1]))
            {
                head--;
            }

            if (head > 0)
            {
                WriteHead(name, text[..head]);
            }

            if (head < text.Length)
            {
                _headWritten = _kept;
                WriteTail(name, text[head..]);
            }
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            FlushPending();
        }
    }

    /// <summary>Hands something to the sink, after all that was printed before it.</summary>
    public void Emit(Action<ICellSink> emit)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                FlushPending();
                emit(_sink);
            }
        }
    }

    /// <summary>The cell has ended: shows what is left, and the tail of a flood.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_closed || _finished)
            {
                return;
            }

            FlushPending();
            _finished = true;
            if (_tail.Count == 0)
            {
                return;
            }

            if (_droppedBytes > 0)
            {
                _sink.Stream("stderr", $"\n{Ansi.Yellow}[{_droppedBytes:N0} bytes of output dropped here: a cell keeps " +
                    $"the first and the last {_kept:N0} characters. Write long output to a file.]{Ansi.Reset}\n");
            }

            foreach (var (name, text) in _tail)
            {
                _sink.Stream(name, text);
            }

            _tail.Clear();
        }
    }

    /// <summary>The cell was given up: whatever it still writes is dropped.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void WriteHead(string name, ReadOnlySpan<char> text)
    {
        if (name != _pendingName)
        {
            FlushPending();
            _pendingName = name;
        }

        if (_pending.Length == 0)
        {
            _timer.Change(FlushMilliseconds, Timeout.Infinite);
        }

        _pending.Append(text);
        _headWritten += text.Length;

        // The timer ends with the cell: what a task prints after that is shown at once.
        if (_pending.Length >= FlushAt || _finished)
        {
            FlushPending();
        }
    }

    private void WriteTail(string name, ReadOnlySpan<char> text)
    {
        if (_finished)
        {
            // Printed by something that outlived its cell: the tail was shown already.
            return;
        }

        if (text.Length > _kept)
        {
            var cut = text.Length - _kept;
            _droppedBytes += Encoding.UTF8.GetByteCount(text[..cut]);
            text = text[cut..];
        }

        if (_tail.Last is { } last && last.Value.Name == name && last.Value.Text.Length + text.Length <= FlushAt)
        {
            last.Value = (name, string.Concat(last.Value.Text, text));
        }
        else
        {
            _tail.AddLast((name, text.ToString()));
        }

        _tailLength += text.Length;
        while (_tailLength - _tail.First!.Value.Text.Length >= _kept)
        {
            _droppedBytes += Encoding.UTF8.GetByteCount(_tail.First.Value.Text);
            _tailLength -= _tail.First.Value.Text.Length;
            _tail.RemoveFirst();
        }
    }

    private void FlushPending()
    {
        if (_pending.Length == 0 || _closed)
        {
            return;
        }

        var text = _pending.ToString();
        _pending.Clear();
        _sink.Stream(_pendingName, text);
    }
}
