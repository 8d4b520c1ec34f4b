using Beamline.Remote;

namespace Beamline.Tests;

/// <summary>Writes down what it sees.</summary>
internal sealed class FakeView : IJobView
{
    public List<string> Seen { get; } = [];

    public List<string> Notes { get; } = [];

    public string Text => string.Concat(Seen);

    public void Event(JobEvent shown) => Seen.Add(shown.Text ?? shown.Kind);

    public void Status(JobRecord record, string? note) => Notes.Add($"{record.Status.State}{(record.Status.Message is { } m ? $" ({m})" : "")}{(note is null ? "" : ": " + note)}");
}
