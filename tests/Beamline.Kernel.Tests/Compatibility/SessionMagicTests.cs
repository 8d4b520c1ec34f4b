using Beamline.Notebook;
using Beamline.Tests;

namespace Beamline.Kernel.Tests;

public sealed class SessionMagicTests
{
    [Fact]
    public async Task Who_names_and_whos_shows_values()
    {
        using var kernel = new TestKernel();
        await kernel.TextAsync("var count = 3; var label = \"<tag>\";");
        Assert.Equal("count  int\nlabel  string", await kernel.TextAsync("#!who"));
        Assert.Equal("count  int     3\nlabel  string  <tag>", await kernel.TextAsync("#!whos"));
        Assert.Equal("label  string  <tag>", await kernel.TextAsync("#!whos LAB"));
        var (_, cell) = await kernel.RunAsync("#!whos");
        var html = (string)cell.Outputs[^1]!["data"]!["text/html"]!;
        Assert.Contains("&lt;tag&gt;", html);
        Assert.Equal(3, html.Split("<th>").Length - 1);
        (_, cell) = await kernel.RunAsync("#!whos zzz");
        Assert.Contains("No variable has such a name", TestKernel.Streams(cell));
    }

    [Fact]
    public async Task About_says_what_runs()
    {
        using var kernel = new TestKernel();
        var about = (await kernel.TextAsync("#!about"))!;
        Assert.Contains(Environment.Version.ToString(), about);
        Assert.Contains("Roslyn 5.", about);
        Assert.Contains($"{Environment.ProcessorCount} processors", about);
        Assert.Contains("Beamline.Kernel 0.1.0", about);
        Assert.Contains("cpu", about, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Restart_forgets_the_session_and_keeps_the_process()
    {
        using var kernel = new TestKernel();
        await kernel.TextAsync("using System.Net; var x = 1; record R(int A);");
        var (outcome, cell) = await kernel.RunAsync("#!restart\nvar y = Environment.ProcessId;");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Contains("1 variables forgotten", TestKernel.Streams(cell));
        Assert.Null(kernel.Kernel.Session.FindVariable("x"));
        Assert.Equal("True", await kernel.TextAsync("y == Environment.ProcessId"));
        foreach (var gone in (string[])["x", "new R(1)", "IPAddress.Loopback"])
        {
            (outcome, _) = await kernel.RunAsync(gone);
            Assert.Equal("CompilationError", outcome.Error?.Name);
        }
    }

    [Fact]
    public async Task A_command_that_throws_is_named_and_the_session_survives()
    {
        using var kernel = new TestKernel(new Throwing());
        await kernel.TextAsync("var kept = 5;");
        foreach (var how in (string[])["at once", "later"])
        {
            var (outcome, _) = await kernel.RunAsync($"kept\n#!explode \"{how}\"");
            Assert.Equal("MagicError", outcome.Error!.Name);
            Assert.Contains("Line 2, #!explode failed: FormatException: boom", outcome.Error.Message);
            Assert.Contains("Beamline.Kernel.Tests", string.Join('\n', outcome.Error.Traceback));
            Assert.IsType<FormatException>(kernel.Kernel.LastError);
        }

        Assert.Equal("5", await kernel.TextAsync("kept"));
        Assert.Equal("FormatException", await kernel.TextAsync("LastError.GetType().Name"));
    }

    [Fact]
    public Task Environment_variables_are_listed_set_and_masked() =>
        ChildTests.RunAsync(typeof(EnvironmentChildTests), "BEAMLINE_TEST_TOKEN", "hush");

    private sealed class Throwing : INotebookExtension, IMagicCommand
    {
        public string Name => "throwing";

        public MagicDescriptor Descriptor { get; } =
            new("explode", "Throws.", [new("how", MagicValueKind.Text, "") { IsPositional = true }]);

        public void Register(IExtensionRegistry registry) => registry.AddCommand(this);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context) =>
            arguments.Text("how") == "later" ? LaterAsync() : throw new FormatException("boom");

        private static async Task LaterAsync()
        {
            await Task.Delay(10);
            throw new FormatException("boom");
        }
    }
}

/// <summary>Changes the process: runs in one of its own.</summary>
public sealed class EnvironmentChildTests
{
    [Fact]
    public async Task Env_lists_sets_unsets_and_masks()
    {
        if (Environment.GetEnvironmentVariable("BEAMLINE_TEST_TOKEN") is null)
        {
            return;
        }

        using var kernel = new TestKernel();
        Assert.DoesNotContain("hush", await kernel.TextAsync("#!env"));
        Assert.Contains("BEAMLINE_TEST_TOKEN=(hidden", await kernel.TextAsync("#!env"));
        Assert.Contains("BEAMLINE_TEST_TOKEN=hush", await kernel.TextAsync("#!env --show-secrets"));
        var (_, cell) = await kernel.RunAsync("#!env BEAMLINE_TEST_TOKEN");
        Assert.DoesNotContain("hush", TestKernel.Streams(cell));
        await kernel.TextAsync("var v = 12;\n#!env BEAMLINE_A @v\n#!env BEAMLINE_B=two\n#!env BEAMLINE_C \"a b\"");
        Assert.Equal("12 two a b", await kernel.TextAsync(
            "string.Join(' ', \"ABC\".Select(c => Environment.GetEnvironmentVariable($\"BEAMLINE_{c}\")))"));
        await kernel.TextAsync("#!env BEAMLINE_A --unset");
        Assert.Null(Environment.GetEnvironmentVariable("BEAMLINE_A"));
    }
}
