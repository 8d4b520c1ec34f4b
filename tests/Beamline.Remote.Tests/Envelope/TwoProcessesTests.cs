namespace Beamline.Remote.Tests;

/// <summary>Two processes write events and states of one job while a third reads them.</summary>
public sealed class TwoProcessesTests
{
    private const int Lines = 4000;

    [Fact]
    public async Task Lines_do_not_mix_and_states_are_whole()
    {
        using var folder = new TemporaryFolder();
        var id = JobNames.NewId();
        var job = JobFolder.Create(folder.File("jobs"), id, Jobs.Unsigned(id));
        job.WriteStatus(new JobStatus(JobState.Queued) { Attempt = 1, Message = "1" });
        Task[] writers =
        [
            ChildTests.RunAsync(typeof(EventWriterChild), EventWriterChild.Variable, $"1 {job.Layout.Folder}"),
            ChildTests.RunAsync(typeof(EventWriterChild), EventWriterChild.Variable, $"2 {job.Layout.Folder}"),
        ];
        var all = Task.WhenAll(writers);
        var (seen, offset, states) = (new List<JobEvent>(), 0L, 0);
        for (var isLast = false; ; isLast = all.IsCompleted)
        {
            var page = job.ReadEvents(offset, 1 << 14);
            seen.AddRange(page.Events);
            offset = page.Next;
            Assert.Equal($"{page.Status.Attempt}", page.Status.Message);
            states++;
            if (page.Events.Count == 0 && isLast)
            {
                break;
            }

            await Task.Delay(2);
        }

        await all;
        Assert.Equal(2 * Lines, seen.Count);
        foreach (var rank in (int[])[1, 2])
        {
            var own = seen.Where(e => e.Rank == rank).ToList();
            Assert.Equal(Enumerable.Range(0, Lines), own.Select(e => e.Item!.Value));
            Assert.All(own, e => Assert.Equal(EventWriterChild.Text(rank, e.Item!.Value), e.Text));
        }

        Assert.True(states > 10);
    }

    /// <summary>What each of the processes does.</summary>
    public sealed class EventWriterChild
    {
        internal const string Variable = "BEAMLINE_TEST_EVENTS";

        [Fact]
        public void Writes()
        {
            if (Environment.GetEnvironmentVariable(Variable) is not { } order)
            {
                // Run by itself there is nothing to write.
                return;
            }

            var job = JobFolder.At(order[2..]);
            using var events = job.OpenEvents();
            var rank = order[0] - '0';
            for (var i = 0; i < Lines; i++)
            {
                events.Append(new JobEvent("stream") { Rank = rank, Item = i, Text = Text(rank, i) });
                if (i % 20 == 0)
                {
                    job.WriteStatus(new JobStatus(JobState.Running) { Attempt = i + rank, Message = $"{i + rank}" });
                }
            }
        }

        internal static string Text(int rank, int i) => new((char)('a' + rank), i % 700);
    }
}
