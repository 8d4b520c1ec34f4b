using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class MagicTests
{
    private const string Quotes = "\"\"\"";

    [Theory]
    [InlineData("#!who", 1)]
    [InlineData("  #!time\n1+1", 1)]
    [InlineData("var a = 1;\n#!who\na", 1)]
    [InlineData("/*\n#!who\n*/", 0)]
    [InlineData("var s = @\"\n#!who\n\";", 0)]
    [InlineData("var s = " + Quotes + "\n#!who\n" + Quotes + ";", 0)]
    [InlineData("var s = $" + Quotes + "\n#!who {1}\n" + Quotes + ";\n#!time", 1)]
    [InlineData("#if false\n#!who\n#endif", 0)]
    [InlineData("// x\n#!who it's \"open\n#!time", 2)]
    [InlineData("#!/usr/bin/env dotnet", 0)]
    [InlineData("var c = '\"';\n#!who", 1)]
    public void A_magic_is_a_whole_line_outside_of_strings_and_comments(string cell, int magics) =>
        Assert.Equal(magics, CellSplitter.Split(cell).Count(s => s.IsMagic));

    [Fact]
    public void Code_keeps_its_lines()
    {
        var segments = CellSplitter.Split("a\n#!time\n\nb");
        Assert.Equal([(false, "a", 1), (true, "#!time", 2), (false, "\n\n\nb", 3)], segments.Select(s => (s.IsMagic, s.Text, s.Line)));
    }

    [Fact]
    public async Task Built_in_commands_do_what_they_say()
    {
        using var kernel = new TestKernel();
        Assert.Contains("#!who", await kernel.TextAsync("#!lsmagic"));
        await kernel.TextAsync("var count = 3; List<double> list = [1, 2];");
        var who = await kernel.TextAsync("#!who");
        Assert.Contains("count  int", who);
        Assert.Contains("List<double>", who);
        var (_, cell) = await kernel.RunAsync("#!time\nawait Task.Delay(20);");
        Assert.Matches(@"^Time: \d", TestKernel.Streams(cell));
        (_, cell) = await kernel.RunAsync("#!help time");
        Assert.Contains("Times the rest", TestKernel.Streams(cell));
        (_, cell) = await kernel.RunAsync("#!who --help");
        Assert.Contains("Lists the variables", TestKernel.Streams(cell));
    }

    [Theory]
    [InlineData("#!hwo", "Did you mean #!who?")]
    [InlineData("#!help tmie", "Did you mean #!time?")]
    [InlineData("#!who --hepl", "Did you mean --help?")]
    public async Task A_wrong_name_suggests_the_nearest(string code, string expected)
    {
        using var kernel = new TestKernel();
        var (outcome, _) = await kernel.RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Contains(expected, outcome.Error!.Message);
    }

    [Fact]
    public async Task A_command_runs_code_in_the_session_also_from_another_thread()
    {
        using var kernel = new TestKernel(new Extension());
        Assert.Equal("12", await kernel.TextAsync("#!make 11\nmade + 1"));
        var (outcome, _) = await kernel.RunAsync("#!make wrong");
        Assert.Contains("CS0103", outcome.Error!.Message);
    }

    private sealed class Extension : INotebookExtension, IMagicCommand
    {
        public string Name => "test";

        public MagicDescriptor Descriptor { get; } =
            new("make", "Makes a variable.", [new("value", MagicValueKind.Text, "Its value.") { IsPositional = true }]);

        public void Register(IExtensionRegistry registry) => registry.AddCommand(this);

        public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            await Task.Yield();
            await Task.Run(() => context.RunCodeAsync($"var made = {arguments.Required("value")};")).ConfigureAwait(false);
            Assert.NotNull(context.FindVariable("made"));
        }
    }
}
