using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display.Tests.Live;

/// <summary>A job with a display, a clock that stands still, and an output that remembers all it was given.</summary>
internal sealed class LiveSetup
{
    public LiveSetup(string name = "SIRT", LiveDisplayOptions? options = null, FakeOutput? output = null, bool isDetached = false)
    {
        Output = output ?? new FakeOutput();
        var follower = new Follower(job => Live = new LiveJob(job, Output, options ?? new LiveDisplayOptions(), Clock));
        using (RunContext.Use(new RunContext { Jobs = follower }))
        {
            Job = RunJob.Detached(name);
        }

        if (!isDetached)
        {
            using var scope = RunContext.Use(new RunContext { Jobs = follower });
            Job = RunJob.Start(name);
        }

        Output.AtCellEnd(Live!.CellEnded);
    }

    public FakeClock Clock { get; } = new();

    public FakeOutput Output { get; }

    public RunJob Job { get; }

    public LiveJob? Live { get; private set; }

    public string Html => (string)Output.Last.Parts[MimeTypes.Html];

    public string Text => (string)Output.Last.Parts[MimeTypes.Text];

    public void Report(double fraction, int? iteration = null, double? residual = null, Beamline.Arrays.Image? preview = null, string activity = "", string detail = "") =>
        Job.Report(new ProgressReport(activity.Length > 0 ? activity : Job.Name, fraction, detail)
        {
            Iteration = iteration, IterationLimit = iteration is null ? null : 100, Residual = residual, Preview = preview,
        });

    /// <summary>Lets time go by and draws.</summary>
    public bool After(double seconds)
    {
        Clock.Now += TimeSpan.FromSeconds(seconds);
        return Live!.Tick();
    }

    /// <summary>The job is on and shown.</summary>
    public LiveSetup Shown()
    {
        Report(0.1, 10, 0.5);
        After(1.1);
        return this;
    }

    private sealed class Follower(Func<RunJob, IJobListener> follow) : IJobFollower
    {
        public IJobListener? Follow(RunJob job) => follow(job);
    }
}

internal sealed class FakeClock : TimeProvider
{
    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1000);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}

internal sealed class FakeOutput : ILiveOutput
{
    private readonly List<Action> _atEnd = [];

    public List<MimeBundle> Shown { get; } = [];

    public List<object> ShownByCell { get; } = [];

    public MimeBundle Last => Shown[^1];

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public bool CanChange { get; init; } = true;

    public object Cell { get; init; } = new();

    public bool IsStopped { get; set; }

    public void Update(object? value) => Shown.Add((MimeBundle)value!);

    public bool HasShown(Predicate<object> isIt) => ShownByCell.Exists(isIt);

    public void AtCellEnd(Action action) => _atEnd.Add(action);

    public void EndCell() => _atEnd.ForEach(action => action());

    public static JsonObject MetadataOf(MimeBundle bundle) => (JsonObject)bundle.Metadata["beamline"];
}
