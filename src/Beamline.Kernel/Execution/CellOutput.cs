using System.Diagnostics;
using System.Text;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// Orders what a cell prints and displays, joins small prints and fast updates, and keeps only head and tail of a flood.
/// Any thread may write.
/// </summary>
internal sealed class CellOutput : IDisposable
{
    /// <summary>Characters of stream output that a cell keeps from its start, and again from its end.</summary>
    public const int DefaultKept = 1 << 20;

    private const int FlushAt = 8192;
    private const int MostItems = 256;

    private readonly Lock _gate = new();
    private readonly ICellSink _sink;
    private readonly int _kept;
    private readonly OutputBatch _batch = new();
    private readonly LinkedList<(string Name, StringBuilder Text)> _tail = new();
    private long _lastUpdate;
    private bool _isAsked;
    private int _headWritten;
    private int _tailLength;
    private long _droppedBytes;
    private bool _finished;
    private bool _closed;
    private readonly List<Action> _atEnd = [];

    public CellOutput(ICellSink sink, int kept = DefaultKept) => (_sink, _kept) = (sink, kept);

    /// <summary>True when comm messages of the cell reach a front end.</summary>
    public bool ReachesFrontEnd => _sink is ICommSink { IsConnected: true };

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
                _sink.Stream(name, text.ToString());
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

    /// <summary>A new content for a display: at once when the last one is some time ago, otherwise soon, the last one only.</summary>
    public void Update(MimeBundle bundle, string displayId)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _batch.AddUpdate(displayId, bundle);
            if (_lastUpdate == 0 || Stopwatch.GetElapsedTime(_lastUpdate) >= OutputPulse.Delay || _batch.Count > MostItems)
            {
                FlushPending();
                _lastUpdate = Stopwatch.GetTimestamp();
            }
            else
            {
                Ask();
            }
        }
    }

    /// <summary>The time that was asked for has come.</summary>
    public void Pulse()
    {
        lock (_gate)
        {
            _isAsked = false;
            if (!_batch.IsEmpty)
            {
                FlushPending();
                _lastUpdate = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Does something when the output is complete, for output that ends before its cell.</summary>
    public void AtEnd(Action action)
    {
        lock (_atEnd)
        {
            _atEnd.Add(action);
        }
    }

    public void RunAtEnd()
    {
        Action[] actions;
        lock (_atEnd)
        {
            actions = [.. _atEnd];
            _atEnd.Clear();
        }

        foreach (var action in actions)
        {
            action();
        }
    }

    public void Dispose() => Flush();

    private void Ask()
    {
        if (!_isAsked)
        {
            _isAsked = true;
            OutputPulse.Ask(this);
        }
    }

    private void WriteHead(string name, ReadOnlySpan<char> text)
    {
        _batch.AddText(name, text);
        _headWritten += text.Length;

        // What a task prints after its cell is shown at once: the process may end any moment.
        if (_batch.TextLength >= FlushAt || _batch.Count > MostItems || _finished)
        {
            FlushPending();
        }
        else
        {
            Ask();
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
            last.Value.Text.Append(text);
        }
        else
        {
            _tail.AddLast((name, new StringBuilder(text.Length).Append(text)));
        }

        _tailLength += text.Length;
        while (_tailLength - _tail.First!.Value.Text.Length >= _kept)
        {
            _droppedBytes += Encoding.UTF8.GetByteCount(_tail.First.Value.Text.ToString());
            _tailLength -= _tail.First.Value.Text.Length;
            _tail.RemoveFirst();
        }
    }

    private void FlushPending()
    {
        if (_closed)
        {
            _batch.Clear();
        }
        else if (!_batch.IsEmpty)
        {
            _batch.SendTo(_sink);
        }
    }
}
