using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Tests;

/// <summary>The magics about jobs and endpoints: tables, completion, and every wrong line.</summary>
public sealed class RemoteMagicTests : IDisposable
{
    private readonly RemoteSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("#!remote fakee\n1", "There is no endpoint fakee. Did you mean fake? Endpoints: fake, local, other.")]
    [InlineData("#!remote fake", "there is nothing to send")]
    [InlineData("#!remote fake --time 10\n1", "--time cannot be '10': give hh:mm:ss, for instance 00:10:00")]
    [InlineData("#!remote fake --memory 64\n1", "--memory cannot be '64'")]
    [InlineData("#!remote fake --nodes 0\n1", "--nodes is 0; it must be at least 1")]
    [InlineData("#!remote fake --retries 2\n1", "--throttle and --retries are for the items of a map")]
    [InlineData("#!remote fake --map angle\n1", "--map cannot be 'angle': NAME in VARIABLE, for instance angle in angles, is expected")]
    [InlineData("#!remote fake --device moon\n1", "--device")]
    [InlineData("#!remote fake --after x\n1", "'x' is no number of a job")]
    [InlineData("#!remote fake --after 7\n1", "There is no job 7 of yours. No job was sent from this account yet.")]
    [InlineData("#!attach 42", "There is no job 42 of yours")]
    [InlineData("#!attach me", "'me' is no number of a job")]
    [InlineData("#!cancel 42", "There is no job 42 of yours")]
    [InlineData("#!jobs --forget 42", "There is no job 42 of yours")]
    [InlineData("#!endpoint lits", "Did you mean list?")]
    [InlineData("#!endpoint test", "needs the name of an endpoint. Endpoints: fake, local, other.")]
    [InlineData("#!endpoint status nowhere", "There is no endpoint nowhere")]
    [InlineData("#!endpoint list fake", "list takes no name")]
    [InlineData("#!endpoint test fake --url https://a", "--url means nothing for test")]
    [InlineData("#!endpoint prune", "needs the name of an endpoint")]
    [InlineData("#!endpoint prune fake --url https://a", "--url means nothing for prune")]
    [InlineData("#!endpoint status fake --dry-run", "--dry-run means nothing for status")]
    [InlineData("#!endpoint prune fake --older-than -1", "number of days from 0")]
    [InlineData("#!endpoint add x", "needs --kind: local, http, slurm")]
    [InlineData("#!endpoint add x --kind http", "url is missing")]
    [InlineData("#!endpoint add fake --kind local", "There is an endpoint fake already")]
    [InlineData("#!endpoint add ../x --kind local", "cannot be the name")]
    public async Task Wrong_lines(string code, string message) => Assert.Contains(message, await _session.Bad(code), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_capture_refuses_is_said_and_nothing_is_sent()
    {
        _session.Capture = (_, _) => throw new MagicException("stream (System.IO.Stream) cannot travel: it is open here");
        Assert.Contains("stream (System.IO.Stream) cannot travel", await _session.Bad("#!remote fake\nstream.ReadByte()"), StringComparison.Ordinal);
        Assert.Equal(0, _session.Endpoint.Submissions);
    }

    [Fact]
    public async Task Jobs_lists_the_newest_first_also_after_a_restart_and_forgets()
    {
        _session.Endpoint.Work = job => job.Succeed();
        await _session.Good("#!remote fake\nvar first = 1;");
        _session.Endpoint.Work = null;
        await _session.Good("#!remote fake --detach\nvar second = 2;");
        _session.Restart();
        var lines = RemoteSession.Texts(await _session.Good("#!jobs"))[^1].Split('\n');
        Assert.StartsWith("job 2 on fake waits in the queue", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("job 1 on fake succeeded", lines[1], StringComparison.Ordinal);
        Assert.Contains("wait for it (#!attach 2) or cancel it", await _session.Bad("#!jobs --forget 2"), StringComparison.Ordinal);
        await _session.Good("#!jobs --forget 1");
        Assert.Single(_session.Sender.Client.Registry.All());
        Assert.Equal("no jobs", RemoteSession.Texts(await _session.Good("#!jobs --endpoint other"))[^1]);
        Assert.Equal("RemoteJobs.List(endpoint: \"fake\")\n", RemoteSession.Texts(await _session.Good("#!jobs --all --endpoint fake --show-code"))[0]);
    }

    [Fact]
    public async Task A_job_that_the_endpoint_does_not_know_says_so()
    {
        await _session.Good("#!remote fake --detach\n1");
        _session.Endpoint.ForgetAll();
        Assert.Contains("fake knows no job", await _session.Bad("#!attach 1"), StringComparison.Ordinal);
        File.Delete(Path.Combine(_session.Sender.Folder, "endpoints", "fake.json"));
        Assert.Contains("There is no endpoint fake", await _session.Bad("#!attach 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_are_listed_added_tried_and_asked()
    {
        await File.WriteAllTextAsync(Path.Combine(_session.Sender.Folder, "endpoints", "broken.json"), "{ \"kind\": \"http\",\n \"url\": 3 }");
        var list = RemoteSession.Texts(await _session.Good("#!endpoint list"))[^1];
        Assert.Contains("broken (cannot be used): broken.json, line 2: url must be an address", list, StringComparison.Ordinal);
        Assert.Contains("local (local): a process of this machine; needs no set-up", list, StringComparison.Ordinal);
        await _session.Good("#!endpoint add mine --kind http --url https://a.example.org --token-file ~/t --time 01:00:00 --description \"the big one\"");
        Assert.Equal("~/t", _session.Sender.Client.Catalog.Find("mine").Text("tokenFile"));
        Assert.Contains("\"host\": \"login\"", RemoteSession.Texts(await _session.Good(
            "#!endpoint add s --kind slurm --work-folder ~/beamline --host login --beamline \"dotnet /b.dll\" --show-code"))[0], StringComparison.Ordinal);
        Assert.Equal("await Endpoint.Open(\"fake\").PruneAsync(olderThan: TimeSpan.FromDays(7.5), isTrial: true)\n",
            RemoteSession.Texts(await _session.Good("#!endpoint prune fake --older-than 7.5 --dry-run --show-code"))[0]);
        Assert.Equal("await Endpoint.Open(\"fake\").PruneAsync()\n", RemoteSession.Texts(await _session.Good("#!endpoint prune fake --show-code"))[0]);
        Assert.Empty(_session.Sender.Endpoint.Prunings);
        Assert.Equal("fake: 2 jobs and 1 array (3 MiB) would be removed; 1000 bytes stay", RemoteSession.Texts(await _session.Good("#!endpoint prune fake --older-than 7.5 --dry-run"))[^1]);
        Assert.Contains("(3 MiB) removed;", RemoteSession.Texts(await _session.Good("#!endpoint prune fake"))[^1], StringComparison.Ordinal);
        Assert.Equal([(7.5, true), (null, false)], _session.Sender.Endpoint.Prunings);
        _session.Sender.Endpoint.Info = _session.Sender.Endpoint.Info with { Gpus = ["A100", "H200"] };
        Assert.Contains("0 run, 0 wait", RemoteSession.Texts(await _session.Good("#!endpoint status fake"))[^1], StringComparison.Ordinal);
        Assert.Contains("GPUs: A100, H200", RemoteSession.Texts(await _session.Good("#!endpoint status fake"))[^1], StringComparison.Ordinal);
        _session.Endpoint.Work = job =>
        {
            job.Give("answer", "int", 42);
            job.Succeed();
        };
        Assert.Contains("fake runs cells", RemoteSession.Texts(await _session.Good("#!endpoint test fake"))[^1], StringComparison.Ordinal);
        _session.Endpoint.Work = job => job.Be(JobState.Crashed, "no such file");
        Assert.Contains("crashed on n1: no such file", await _session.Bad("#!endpoint test fake"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_code_says_what_travels_and_sends_nothing()
    {
        _session.Capture = (code, options) => Sender.Cell(("data", 3)) with { Source = code, Outputs = [new CapturedOutput("y", "int", true), new CapturedOutput("z", "int", false)] };
        Assert.Equal(
            "// travels: data (Int32)\n// runs on fake:\nvar y = data;\n// here, when it has run (job is its number):\n" +
            "var y = RemoteJobs.Find(job).Get<int>(\"y\");\nz = RemoteJobs.Find(job).Get<int>(\"z\");\n",
            RemoteSession.Texts(await _session.Good("#!remote fake --show-code\nvar y = data;"))[0]);
        Assert.Equal(0, _session.Endpoint.Submissions);
    }

    [Fact]
    public void Lines_below_remote_are_csharp_for_the_graph_and_the_linter()
    {
        string[] cells = ["var angles = new[] { 1, 2 }; var scale = 2;", "#!remote fake --map angle in angles\nvar doubled = angle * scale;\ndoubled", "#!remote fake\nvar volume = scale + 1;", "volume + 1"];
        var analyzer = new CellAnalyzer(_session.Kernel.Session, () => _session.Kernel.Commands);
        var facts = cells.Select(c => analyzer.Analyze(c, null, [])).ToArray();
        Assert.Equal(["angles", "scale"], facts[1].Parts.SelectMany(p => p.Uses).Select(u => u.Name).Where(n => n is "angles" or "scale").Distinct().Order());
        Assert.Contains(facts[2].Declares, d => d.Name == "volume");
        Assert.DoesNotContain(facts[1].Declares, d => d.Name == "angle");
        Assert.Empty(facts[1].SyntaxErrors);
    }

    [Theory]
    [InlineData("#!remote fake --nods 2\nvar x = 1;", 1, "#!remote has no option --nods. Did you mean --nodes?")]
    [InlineData("#!remote\nvar x = 1;", 1, "#!remote needs endpoint")]
    [InlineData("#!remote fake --nodes two\nvar x = 1;", 1, "#!remote: --nodes")]
    [InlineData("#!remote fake\nvar x = 1;\n#!who", 3, "#!who acts on this notebook and cannot be sent.")]
    [InlineData("#!remote fake\nvar x = 1;\n#!remote fake\nvar y = 1;", 3, "#!remote acts on this notebook and cannot be sent.")]
    [InlineData("#!remote fake\n#!html\n<b>", 2, "#!html: only C# can be sent.")]
    public void The_linter_knows_the_options_and_what_cannot_be_sent(string cell, int line, string message)
    {
        var found = Assert.Single(Linter.Check([new LintCell("cell 1", cell)], _session.Kernel), f => f.Rule == "magic");
        Assert.Equal(line, found.Line);
        Assert.StartsWith(message, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!who\n#!remote fake --nodes @n --time 00:10:00\nvar x = 1;")]
    [InlineData("#!remote fake --map i in items\n#!csharp\ni + 1")]
    [InlineData("#!device\n#!remote fake\n#!histogram volume\nvar x = 1;")]
    [InlineData("#!unknown --anything")]
    public void The_linter_leaves_good_lines_alone(string cell) =>
        Assert.DoesNotContain(Linter.Check([new LintCell("cell 1", cell)], _session.Kernel), f => f.Rule == "magic");

    [Theory]
    [InlineData("#!remote fa", "fake")]
    [InlineData("#!endpoint test fa", "fake")]
    [InlineData("#!remote fake --ma", "--map")]
    public void Names_are_offered_while_somebody_types(string line, string offered)
    {
        using var host = NotebookHost.Use(_session.Kernel.Host);
        Assert.Contains(new MagicAssistant(_session.Kernel).Complete(line, line.Length)!.Items, i => i.Text == offered);
    }
}
