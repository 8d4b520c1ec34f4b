namespace Beamline.Remote.Tests.Housekeeping;

/// <summary>What goes and what stays, without files.</summary>
public sealed class PrunePlanTests
{
    private const int Kib = 1024;
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_too_old_goes_and_what_has_not_ended_never()
    {
        JobFacts[] jobs = [Job("a", 31), Job("b", 30), Job("c", 29.9), Job("d", 400) with { IsFinal = false }];
        var plan = PrunePlan.Make(jobs, [], KeepRules.Of(30, 0), Now);
        Assert.Equal(["a", "b"], plan.Jobs.Select(j => j.Job.Id));
        Assert.All(plan.Jobs, j => Assert.False(j.IsForRoom));
        Assert.Equal((2 * Kib, 2 * Kib), (plan.Bytes, plan.BytesLeft));
        // For ever is for ever.
        Assert.Empty(PrunePlan.Make(jobs, [Array("x", 4000)], KeepRules.Of(0, 0), Now).Jobs);
        Assert.Empty(PrunePlan.Make(jobs, [Array("x", 4000)], KeepRules.Of(0, 0), Now).Arrays);
        // And all that has ended is all that has ended.
        Assert.Equal(["a", "b", "c", "e"], PrunePlan.Make([.. jobs, Job("e", 0)], [], KeepRules.Of(30, 0).OlderThan(0), Now).Jobs.Select(j => j.Job.Id));
    }

    [Fact]
    public void An_array_that_a_kept_job_names_stays_whatever_its_age()
    {
        JobFacts[] jobs = [Job("old", 40) with { Arrays = ["x", "y"] }, Job("new", 1) with { Arrays = ["y"] }, Job("runs", 50) with { IsFinal = false, Arrays = ["z"] }];
        ArrayFacts[] arrays = [Array("x", 40), Array("y", 40), Array("z", 40), Array("w", 40), Array("v", 29)];
        var plan = PrunePlan.Make(jobs, arrays, KeepRules.Of(30, 0), Now);
        Assert.Equal(["old"], plan.Jobs.Select(j => j.Job.Id));
        Assert.Equal(["w", "x"], plan.Arrays.Select(a => a.Sha256).Order());
        // The limit of bytes does not reach them either.
        var tight = PrunePlan.Make(jobs, arrays, KeepRules.Of(30, 1), Now);
        Assert.Equal(["new", "old"], tight.Jobs.Select(j => j.Job.Id).Order());
        Assert.DoesNotContain("z", tight.Arrays.Select(a => a.Sha256));
    }

    [Fact]
    public void An_array_is_left_for_an_hour_to_whoever_is_sending_its_job()
    {
        ArrayFacts[] arrays = [Array("old", 0.05), Array("new", 0.04)];
        Assert.Equal(["old"], PrunePlan.Make([], arrays, KeepRules.Nothing, Now).Arrays.Select(a => a.Sha256));
        // For room, a day: the age of the rules is 30 days.
        ArrayFacts[] later = [Array("yesterday", 1.01), Array("today", 0.9)];
        Assert.Equal(["yesterday"], PrunePlan.Make([], later, KeepRules.Of(30, 1), Now).Arrays.Select(a => a.Sha256));
    }

    [Fact]
    public void Room_is_made_by_unnamed_arrays_first_and_then_by_the_oldest_jobs()
    {
        JobFacts[] jobs = [Job("1", 9) with { Arrays = ["x"] }, Job("2", 8), Job("3", 7), Job("today", 0.5)];
        ArrayFacts[] arrays = [Array("x", 9), Array("free", 5)];
        // 6 KiB in all.
        Assert.Equal(("", "free"), Names(5 * Kib));
        Assert.Equal(("1", "free"), Names(4 * Kib));
        // The array of the first job is free now, and goes before the second job.
        Assert.Equal(("1", "free x"), Names(3 * Kib));
        Assert.Equal(("1 2", "free x"), Names(2 * Kib));
        // Today's job stays, however little room there is.
        Assert.Equal(("1 2 3", "free x"), Names(1));
        Assert.Equal(("", ""), Names(6 * Kib));
        var plan = PrunePlan.Make(jobs, arrays, KeepRules.Of(30, 1), Now);
        Assert.All(plan.Jobs, j => Assert.True(j.IsForRoom));
        Assert.Equal(Kib, plan.BytesLeft);

        (string Jobs, string Arrays) Names(long bytes)
        {
            var made = PrunePlan.Make(jobs, arrays, KeepRules.Of(30, bytes), Now);
            return (string.Join(' ', made.Jobs.Select(j => j.Job.Id)), string.Join(' ', made.Arrays.Select(a => a.Sha256)));
        }
    }

    [Fact]
    public void A_job_that_another_one_needs_stays_as_long_as_that_one()
    {
        JobFacts[] jobs = [Job("first", 50), Job("second", 40) with { Needs = ["first", "second"] }, Job("third", 1) with { Needs = ["second"] }];
        Assert.Empty(PrunePlan.Make(jobs, [], KeepRules.Of(30, 0), Now).Jobs);
        // When the last one is old as well, all go, the last first.
        Assert.Equal(["third", "second", "first"], PrunePlan.Make(jobs, [], KeepRules.Of(0.5, 0), Now).Jobs.Select(j => j.Job.Id));
    }

    [Fact]
    public void A_job_needs_the_results_that_it_reads_where_they_lie_and_until_it_has_begun_those_that_it_waits_for()
    {
        var other = new string('b', 32);
        var job = Jobs.Full() with
        {
            Inputs = [new JobValue("x", "float[]", "array") { Arrays = [Of('1') with { Path = $"/w/jobs/{other}/out/1.npy" }, Of('2') with { Path = "/data/2.npy" }, Of('3')] }],
            Resources = new() { After = [new string('c', 32)] },
        };
        JobValue[] outputs = [new("y", "float[]", "array") { Arrays = [Of('4')] }];
        var facts = Job("a", 1).With(job, outputs, "/w/jobs");
        Assert.Equal("1234", string.Concat(facts.Arrays.Select(h => h[0])));
        Assert.Equal([other], facts.Needs);
        Assert.Equal([other, new string('c', 32)], (Job("a", 1) with { IsFinal = false }).With(job, outputs, "/w/jobs/").Needs);
        Assert.Empty(Job("a", 1).With(null, null, "/w/jobs").Arrays);

        static JobArray Of(char digit) => new("<f4", [1], 4, new string(digit, 64));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(40_000)]
    [InlineData(double.NaN)]
    public void What_is_no_age_is_refused(double days) => Assert.Throws<EndpointException>(() => KeepRules.Nothing.OlderThan(days));

    [Fact]
    public void What_was_removed_is_remembered_for_a_year()
    {
        PrunedJob Gone(string id, double days, string why = "x") => new(id, "me", "cell 1", Now.AddDays(-days), why);
        var bytes = PrunedJobs.Write([Gone("a", 366), Gone("b", 300)], [Gone("c", 0)], Now);
        Assert.Equal(["b", "c"], PrunedJobs.Parse(bytes).Select(j => j.Id));
        Assert.Empty(PrunedJobs.Parse(null));
        Assert.Empty(PrunedJobs.Parse("[{"u8.ToArray()));
        var message = Gone("c", 0, PrunedJobs.Why(KeepRules.Of(30, 0), isForRoom: false, isByHand: false)).Message;
        Assert.Contains("removed on 2026-05-01 12:00Z because it had ended more than 30 days before.", message, StringComparison.Ordinal);
        Assert.Contains("run the cell again", message, StringComparison.Ordinal);
        Assert.Equal("to make room: the endpoint keeps 1 GiB", PrunedJobs.Why(KeepRules.Of(30, 1 << 30), isForRoom: true, isByHand: false));
        Assert.Contains("as was asked for", PrunedJobs.Why(KeepRules.Of(30, 0).OlderThan(2), isForRoom: false, isByHand: true), StringComparison.Ordinal);
        Assert.Contains("everything that had ended", PrunedJobs.Why(KeepRules.Of(30, 0).OlderThan(0), isForRoom: false, isByHand: true), StringComparison.Ordinal);
    }

    private static JobFacts Job(string id, double days) => new(id, true, Now.AddDays(-days), Kib);

    private static ArrayFacts Array(string hash, double days) => new(hash, Kib, Now.AddDays(-days));
}
