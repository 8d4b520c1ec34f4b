namespace Beamline.Learning;

/// <summary>What somebody who watches a training wants of it now.</summary>
internal enum TrainingWish
{
    /// <summary>Go on.</summary>
    GoOn,

    /// <summary>Wait.</summary>
    Pause,

    /// <summary>End, with the best so far.</summary>
    Stop,
}

/// <summary>Carries the wishes of who watches a training to the loop that trains.</summary>
internal sealed class TrainingControl : IDisposable
{
    private readonly ManualResetEventSlim _mayGo = new(true);
    private volatile int _wish;
    private volatile bool _previewIsWanted;

    /// <summary>Whether somebody waits for a preview.</summary>
    public bool PreviewIsWanted { get => _previewIsWanted; set => _previewIsWanted = value; }

    /// <summary>Says what is wanted from now on.</summary>
    public void Set(TrainingWish wish)
    {
        _wish = (int)wish;
        if (wish == TrainingWish.Pause)
        {
            _mayGo.Reset();
        }
        else
        {
            _mayGo.Set();
        }
    }

    /// <summary>Waits while a pause is wanted, then says what is.</summary>
    public TrainingWish Ask()
    {
        _mayGo.Wait();
        return (TrainingWish)_wish;
    }

    public void Dispose() => _mayGo.Dispose();
}
