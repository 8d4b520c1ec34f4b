using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Remote.Tests;

/// <summary>How a job shows in a cell: the line that changes, and what a terminal gets.</summary>
public sealed class CellViewTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void A_front_end_has_one_line_that_changes()
    {
        var view = new CellView(_stage, new Clock());
        view.Status(Record(JobState.Queued, "Resources."), null);
        view.Status(Record(JobState.Queued, "Resources."), null);
        view.Event(new JobEvent("progress") { Name = "SIRT", Fraction = 0.454 });
        view.Status(Record(JobState.Running), "trying again");
        view.Status(Record(JobState.Succeeded), null);
        Assert.Equal(
        [
            "display job 3 on fake waits in the queue (Resources), 10.0 s; sent 5 bytes of 100 bytes",
            "update job 3 on fake runs on n1, 10.0 s; sent 5 bytes of 100 bytes · SIRT 45 % · trying again",
            "update job 3 on fake succeeded on n1, 7.0 s; sent 5 bytes of 100 bytes",
        ], _stage.Seen);
        Assert.Single(_stage.Ids);
    }

    [Fact]
    public void A_terminal_has_a_line_for_each_state()
    {
        _stage.CanChange = false;
        var view = new CellView(_stage, new Clock());
        view.Status(Record(JobState.Queued), null);
        view.Status(Record(JobState.Queued), null);
        view.Event(new JobEvent("progress") { Name = "SIRT", Fraction = 0.4 });
        view.Status(Record(JobState.Running), null);
        Assert.Equal(2, _stage.Seen.Count);
        Assert.All(_stage.Seen, s => Assert.StartsWith("stdout job 3 on fake ", s, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_cell_clears_does_not_take_the_line_with_it()
    {
        var view = new CellView(_stage, new Clock());
        view.Status(Record(JobState.Running), null);
        view.Event(new JobEvent("clear") { Wait = true });
        view.Event(new JobEvent("stream") { Name = "stdout", Text = "new" });
        view.Status(Record(JobState.Running), null);
        Assert.Equal(["display", "clear True", "stdout new", "display"], _stage.Seen.Select(s => s.StartsWith("display", StringComparison.Ordinal) ? "display" : s));
    }

    [Fact]
    public void Bundles_come_as_they_were_and_an_update_of_something_unknown_is_shown()
    {
        var view = new CellView(_stage, new Clock());
        var data = new JsonObject
        {
            ["text/plain"] = new JsonArray("a\n", "b"), ["image/png"] = Convert.ToBase64String([1, 2]), ["application/vnd.plotly.v1+json"] = new JsonObject { ["x"] = 1 },
            ["image/svg+xml"] = "<svg/>",
        };
        view.Event(new JobEvent("update") { DisplayId = "d", Data = data, Metadata = new JsonObject { ["image/png"] = new JsonObject { ["width"] = 5 } } });
        var bundle = _stage.Last!;
        Assert.Equal("a\nb", bundle.Parts["text/plain"]);
        Assert.Equal([1, 2], (byte[])bundle.Parts["image/png"]);
        Assert.Equal(1, (int)((JsonNode)bundle.Parts["application/vnd.plotly.v1+json"])["x"]!);
        Assert.Equal("<svg/>", bundle.Parts["image/svg+xml"]);
        Assert.Equal(5, (int)bundle.Metadata["image/png"]["width"]!);
        Assert.StartsWith("display", _stage.Seen[0], StringComparison.Ordinal);
    }

    private static JobRecord Record(JobState state, string? message = null) => new()
    {
        Number = 3, Endpoint = "fake", JobId = "x", Label = "c", Source = "1", Created = DateTimeOffset.UnixEpoch, InputBytes = 100, SentBytes = 5,
        Status = new JobStatus(state) { Message = message, Host = state == JobState.Queued ? null : "n1", Since = DateTimeOffset.UnixEpoch.AddSeconds(7) },
    };

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(10);
    }

    private sealed class Stage : ICellStage
    {
        public string Label => "cell 1";

        public List<string> Seen { get; } = [];

        public HashSet<string> Ids { get; } = [];

        public MimeBundle? Last { get; private set; }

        public bool CanChange { get; set; } = true;

        public bool IsKernelEnding => false;

        public void Stream(string name, string text) => Seen.Add($"{name} {text.TrimEnd('\n')}");

        public void Display(MimeBundle bundle, string displayId) => Show("display", bundle, displayId);

        public void Update(MimeBundle bundle, string displayId) => Show("update", bundle, displayId);

        public void Result(MimeBundle bundle) => Show("result", bundle, "");

        public void Clear(bool wait) => Seen.Add($"clear {wait}");

        public void Warn(string text) => Seen.Add($"warn {text}");

        public string? Ask(string question) => null;

        public Exception Failure(JobError error) => new InvalidOperationException(error.Message);

        public void Prepare(string code)
        {
        }

        private void Show(string kind, MimeBundle bundle, string id)
        {
            Seen.Add($"{kind} {bundle.Parts["text/plain"]}");
            Ids.Add(id);
            Last = bundle;
        }
    }
}
