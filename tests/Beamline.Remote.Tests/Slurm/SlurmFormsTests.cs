using System.Text.Json.Nodes;
using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>What Slurm's programs print and what slurmrestd sends, where the cluster of the tests has no such version.</summary>
public sealed class SlurmFormsTests
{
    private static readonly SlurmBatch Batch = new()
    {
        Name = "beamline-1",
        Folder = "/w/a \"b\"",
        Output = "/w/%j",
        Body = "exec true\n",
        Nodes = 2,
        Tasks = 4,
        Gpus = 2,
        MemoryMegabytes = 100,
        Minutes = 90,
        Partition = "gpu",
        MayRequeue = true,
        After = [3, 4],
        ArrayTasks = 5,
        Throttle = 2,
        Signal = "TERM@60",
        Extra = [("constraint", "a100"), ("hold", null)],
    };

    [Fact]
    public void A_script_has_all_that_a_job_asks_for() => Assert.Equal(
        """
        #!/bin/bash -l
        #SBATCH --job-name=beamline-1
        #SBATCH --chdir="/w/a \"b\""
        #SBATCH --output=/w/%j
        #SBATCH --open-mode=append
        #SBATCH --nodes=2
        #SBATCH --ntasks=4
        #SBATCH --gpus=2
        #SBATCH --mem=100M
        #SBATCH --time=90
        #SBATCH --partition=gpu
        #SBATCH --signal=TERM@60
        #SBATCH --requeue
        #SBATCH --dependency=afterok:3:4
        #SBATCH --kill-on-invalid-dep=yes
        #SBATCH --array=0-4%2
        #SBATCH --constraint=a100
        #SBATCH --hold

        exec true

        """.ReplaceLineEndings("\n"),
        SbatchScript.Write(Batch));

    [Theory]
    [InlineData(null, "B:TERM@60")]
    [InlineData(3600, "B:TERM@60")]
    [InlineData(120, "B:TERM@60")]
    [InlineData(61, "B:TERM@60")]
    [InlineData(60, "B:TERM@30")]
    [InlineData(5, "B:TERM@30")]
    public void A_short_job_is_not_told_to_end_as_soon_as_it_has_started(int? seconds, string signal)
    {
        var job = SlurmBench.Describe("", new JobResources { Walltime = seconds is { } s ? TimeSpan.FromSeconds(s) : null });
        var settings = new SlurmSettings { WorkFolder = "/w" };
        Assert.Equal(signal, SlurmScript.Signal(settings, job, isStep: false));
        Assert.Equal(signal[2..], SlurmScript.Signal(settings, job, isStep: true));
        Assert.Null(SlurmScript.Signal(settings with { Notice = TimeSpan.Zero }, job, isStep: false));
    }

    [Fact]
    public void A_job_that_was_put_back_into_the_queue_counts_by_its_last_end_and_a_number_given_twice_by_its_name()
    {
        string[] lines =
        [
            "JobId=67 UserId=root(0) Name=beamline-1 JobState=NODE_FAIL ExitCode=0:0 NodeList=n1",
            "JobId=67 UserId=nobody(65534) Name=by-socket JobState=CANCELLED ExitCode=0:0 NodeList=n3",
            "JobId=67 UserId=root(0) Name=beamline-1 JobState=COMPLETED ExitCode=0:0 NodeList=n2",
            "JobId=670 UserId=root(0) Name=beamline-1 JobState=FAILED ExitCode=1:0 NodeList=n2",
        ];
        var sight = new SlurmSight(ScontrolText.Completed(lines, [67]));
        Assert.Equal(2, sight.Jobs.Count);
        Assert.Equal(("COMPLETED", "n2"), (sight.Only("beamline-1", "root").Jobs.Single().State, sight.Only("beamline-1", "root").Jobs.Single().Nodes));
        Assert.False(sight.Only("beamline-1", "root").IsGone);
        Assert.True(sight.Only("beamline-1", "nobody").IsGone);
        Assert.True(sight.Only("beamline-2", "root").IsGone);
    }

    [Fact]
    public void Newer_slurmrestd_gets_its_own_forms()
    {
        var environment = new Dictionary<string, string> { ["PATH"] = "/bin" };
        var body = new RestOf40("v0.0.40").Submission(Batch, environment);
        var job = (JsonObject)body["job"]!;
        Assert.Equal("""{"set":true,"infinite":false,"number":90}""", job["time_limit"]!.ToJsonString());
        Assert.Equal("""["PATH=/bin"]""", job["environment"]!.ToJsonString());
        Assert.Equal(("2", "gres/gpu:2", "afterok:3:4"), ((string?)job["nodes"], (string?)job["tres_per_job"], (string?)job["dependency"]));
        Assert.StartsWith("#!/bin/bash", (string?)job["script"], StringComparison.Ordinal);
        Assert.NotNull(new RestOf40("v0.0.39").Submission(Batch, environment)["script"]);
        Assert.Contains("cli or ssh", Assert.Throws<EndpointException>(() => new RestOf38().Submission(Batch with { Extra = [("exclusive", null)] }, environment)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_slurmrestd_is_understood()
    {
        // Written by hand after Slurm's description of v0.0.40: the cluster of the tests speaks v0.0.38 only.
        var job = new RestOf40("v0.0.40").Job((JsonObject)JsonNode.Parse("""
            { "job_id": 12, "array_job_id": { "set": true, "infinite": false, "number": 10 }, "array_task_id": { "set": true, "infinite": false, "number": 3 },
              "array_task_string": "", "job_state": ["FAILED", "COMPLETING"], "name": "beamline-1", "user_name": "me", "state_reason": "NonZeroExitCode",
              "exit_code": { "status": ["SIGNALED"], "return_code": { "set": true, "infinite": false, "number": 2 }, "signal": { "id": { "set": true, "infinite": false, "number": 9 }, "name": "KILL" } },
              "restart_cnt": 1, "nodes": "n[3-4]", "time_limit": { "set": true, "infinite": false, "number": 90 },
              "start_time": { "set": true, "infinite": false, "number": 1000 }, "end_time": { "set": true, "infinite": false, "number": 1060 } }
            """)!);
        Assert.Equal(new SlurmJob(12, "FAILED")
        {
            ArrayId = 10,
            Tasks = "3",
            Name = "beamline-1",
            User = "me",
            Reason = "NonZeroExitCode",
            ExitCode = 2,
            Signal = 9,
            Restarts = 1,
            Nodes = "n[3-4]",
            RunTime = TimeSpan.FromMinutes(1),
            TimeLimit = TimeSpan.FromMinutes(90),
        }, job);
        var partition = new RestOf40("v0.0.40").Partition((JsonObject)JsonNode.Parse("""
            { "name": "gpu", "partition": { "state": ["UP"] }, "nodes": { "total": 12 },
              "maximums": { "time": { "set": true, "infinite": false, "number": 60 }, "nodes": { "set": false, "infinite": true, "number": 0 } } }
            """)!);
        Assert.Equal(new SlurmPartition("gpu", false, true, TimeSpan.FromHours(1), 12, null), partition);
    }

    [Fact]
    public void The_accounting_is_understood()
    {
        var jobs = "12|beamline-1|me|CANCELLED by 1001|0:15|None|n3\n13_4|b|me|COMPLETED|0:0|None|n1\n13_[5-9%2]|b|me|PENDING|0:0|Resources|None assigned"
            .Split('\n').Select(ScontrolText.Accounted).ToList();
        Assert.Equal(("CANCELLED", "1001", 15, "n3"), (jobs[0]!.State, jobs[0]!.CancelledBy, jobs[0]!.Signal, jobs[0]!.Nodes));
        Assert.Equal((13, "4", "COMPLETED"), (jobs[1]!.ArrayId, jobs[1]!.Tasks, jobs[1]!.State));
        Assert.Equal((5, "", "Resources"), (jobs[2]!.Count, jobs[2]!.Nodes, jobs[2]!.Reason));
    }

    [Theory]
    [InlineData("1-02:03:04", 93784)]
    [InlineData("01:00:00", 3600)]
    [InlineData("10:30", 630)]
    [InlineData("UNLIMITED", null)]
    public void Durations_are_read(string text, int? seconds) => Assert.Equal(seconds, (int?)ScontrolText.Duration(text)?.TotalSeconds);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("it's; rm -rf $HOME", @"'it'\''s; rm -rf $HOME'")]
    [InlineData("", "''")]
    [InlineData("~root", "'~root'")]
    [InlineData("A=b", "'A=b'", true)]
    public async Task Words_for_a_shell_stay_what_they_are(string word, string expected, bool isAssignment = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        Assert.Equal(isAssignment ? "A=b" : expected, Shell.Quote(word));
        var (_, output, _) = await SlurmCluster.StartAsync("sh", ["-c", "printf %s " + Shell.Quote(word)]);
        Assert.Equal(word, output);
        Assert.Throws<EndpointException>(() => Shell.Quote(word + "\n"));
    }

    [Fact]
    public void Minutes_are_rounded_up()
    {
        Assert.Equal(1, SlurmScript.Minutes(TimeSpan.FromSeconds(5)));
        Assert.Equal(2, SlurmScript.Minutes(TimeSpan.FromSeconds(61)));
        Assert.Null(SlurmScript.Minutes(null));
    }
}
