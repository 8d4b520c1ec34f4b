using System.Diagnostics;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>One line of output that says what is being installed and for how long, and in the end what was.</summary>
internal sealed class InstallProgress(CellRun cell) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = new();
    private IDisplayHandle? _line;
    private Timer? _timer;
    private string _text = "";
    private bool _finished;

    /// <summary>Says what is going on.</summary>
    public void Show(string text)
    {
        lock (_gate)
        {
            _text = text;
            _watch.Restart();
            Write($"{text} ...");
            _timer ??= new Timer(_ => Tick(), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Says what came of it; null when there is nothing to say.</summary>
    public void Finish(string? text)
    {
        lock (_gate)
        {
            _finished = true;
            if (text is not null || _line is not null)
            {
                Write(text ?? $"{_text}: done");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_finished && _line is not null)
            {
                Write($"{_text}: not done");
            }

            _finished = true;
        }

        _timer?.Dispose();
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (!_finished)
            {
                Write($"{_text} ... {_watch.Elapsed.TotalSeconds:0} s");
            }
        }
    }

    private void Write(string text)
    {
        var bundle = MimeBundle.FromText(text);
        if (_line is null)
        {
            _line = cell.Display(bundle);
        }
        else
        {
            _line.Update(bundle);
        }
    }
}
