using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

public sealed class LiveDiagnosticsTests(AssistantFixture session) : IClassFixture<AssistantFixture>
{
    private readonly DiagnosticsService _service = new(session.Kernel.Kernel);

    [Fact]
    public void Errors_and_warnings_have_their_places_in_the_cell()
    {
        var problems = _service.Find("#!time\nvar a = sinogramWidth;\n  var b = a + wrong;\n#warning careful");
        Assert.Equal(
            [("CS0103", true, 3, 15, 5), ("CS1030", false, 4, 10, 7)],
            problems.Select(p => (p.Code, p.IsError, p.Line, p.Column, p.Length)));
        Assert.Contains("'wrong'", problems[0].Message);
        Assert.StartsWith("https://", problems[0].HelpLink);
    }

    [Theory]
    [InlineData("sinogramWidth + AddHalf(1)")]
    [InlineData("await Task.Delay(1); names.Count")]
    [InlineData("#r \"nuget: Not.There, 1.0.0\"\n1 + 1")]
    [InlineData("#i \"nuget: https://example.org\"\n1 + 1")]
    [InlineData("#!recon names x.h5 --as volume\nvolume")]
    [InlineData("")]
    public void Good_cells_have_none(string code) => Assert.Empty(_service.Find(code));

    [Fact]
    public void What_no_magic_promises_is_unknown() =>
        Assert.Equal(["CS0103"], _service.Find("#!recon names x.h5\nvolume").Select(p => p.Code));

    [Fact]
    public void Columns_count_code_points() => Assert.Equal(
        [(1, 5, 5)], _service.Find("\"\U0001F600\"+wrong").Select(p => (p.Line, p.Column, p.Length)));

    [Fact]
    public void A_front_end_gets_json()
    {
        var comm = new DiagnosticsComm(_service);
        var answer = comm.Answer(new JsonObject { ["id"] = 7, ["code"] = "var x = ;" });
        Assert.Equal((7, 1), ((int)answer["id"]!, (int)answer["count"]!));
        var problem = answer["problems"]![0]!;
        Assert.Equal(("error", "CS1525", 1, 9), ((string?)problem["severity"], (string?)problem["code"], (int)problem["line"]!, (int)problem["column"]!));
        Assert.NotNull(comm.Answer(new JsonObject { ["code"] = 3 })["error"]);
        Assert.NotNull(comm.Answer([])["error"]);
        Assert.NotNull(comm.Answer(new JsonObject { ["code"] = new string(' ', (1 << 20) + 1) })["error"]);
    }

    [Fact]
    public async Task The_check_command_reports_the_rest_of_the_cell_and_does_not_run_it()
    {
        using var kernel = new TestKernel();
        var (outcome, cell) = await kernel.RunAsync("var before = 1;\n#!check\nConsole.Write(\"ran\");\nvar a = before + wrong;\n#!time\nConsole.Write(\"ran\");");
        var text = TestKernel.Streams(cell);
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Contains("CS0103", text);
        Assert.Contains("line 4, column 18", text);
        Assert.Contains("1 error, 0 warnings", text);
        Assert.DoesNotContain("ran", text.Replace("was run", "", StringComparison.Ordinal).Replace("Console.Write(\"ran\")", "", StringComparison.Ordinal));
        Assert.Equal("1", await kernel.TextAsync("before"));
        (_, cell) = await kernel.RunAsync("#!check\nbefore + 1");
        Assert.Contains("0 errors, 0 warnings", TestKernel.Streams(cell));
    }
}
