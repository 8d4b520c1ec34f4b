using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Browser.Tests;

/// <summary>The HTML that a running job sends, one text for each update.</summary>
internal static class LiveUpdates
{
    /// <summary>Updates of a job with a noisy picture of 512 x 512 that differs each time.</summary>
    public static string[] Make(int count)
    {
        var output = new Recorder();
        var clock = new Clock();
        var follower = new Follower(job => new LiveJob(job, output, new LiveDisplayOptions(), clock));
        using var scope = RunContext.Use(new RunContext { Jobs = follower });
        using var job = RunJob.Start("SIRT <of> \"all\"");
        job.Expect(TimeSpan.FromSeconds(60), 512, 512);
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var slice = new Image(512, 512) { PixelSizeX = Length.FromMicrometers(2), PixelSizeY = Length.FromMicrometers(2), Title = $"slice z = 5, iteration {i}" };
            for (var k = 0; k < slice.Values.Length; k++)
            {
                slice.Values[k] = ((k % 512) + i) / 600f + (0.2f * random.NextSingle());
            }

            clock.Now += TimeSpan.FromSeconds(2);
            RunContext.Current.Report(new ProgressReport(job.Name, (double)i / count) { Iteration = i, IterationLimit = count, Residual = 1.0 / (i + 1), Preview = slice });
            follower.Last!.Tick();
        }

        return [.. output.Html];
    }

    private sealed class Follower(Func<RunJob, LiveJob> follow) : IJobFollower
    {
        public LiveJob? Last { get; private set; }

        public IJobListener? Follow(RunJob job) => Last = follow(job);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class Recorder : ILiveOutput
    {
        public List<string> Html { get; } = [];

        public string Id => "live";

        public bool CanChange => true;

        public object Cell => this;

        public bool IsStopped => false;

        public void Update(object? value) => Html.Add((string)((MimeBundle)value!).Parts[MimeTypes.Html]);

        public bool HasShown(Predicate<object> isIt) => false;

        public void AtCellEnd(Action action)
        {
        }
    }
}
