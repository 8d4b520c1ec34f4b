using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class MagicValueTests
{
    [Theory]
    [InlineData("3", "int", "3")]
    [InlineData("3000000000", "long", "3000000000")]
    [InlineData("0.25", "double", "0.25")]
    [InlineData("1e3", "double", "1000")]
    [InlineData("true", "bool", "True")]
    [InlineData("\"3\"", "string", "3")]
    [InlineData("plain", "string", "plain")]
    [InlineData("\"it is \\\"", "string", "it is \\")]
    [InlineData("'@other'", "string", "@other")]
    [InlineData("[1,2", "string", "[1,2")]
    [InlineData("{\"a\": [1, \"b c\"]}", "JsonDocument", "{\"a\": [1, \"b c\"]}")]
    public async Task Set_makes_a_variable_of_the_type_that_JSON_says(string value, string type, string shown)
    {
        using var kernel = new TestKernel();
        await kernel.TextAsync($"#!set --name made --value {value}");
        var made = kernel.Kernel.Session.FindVariable("made")!;
        Assert.Equal(type, TypeNames.Of(made.Type));
        Assert.Equal(shown, made.Value is System.Text.Json.JsonDocument json ? json.RootElement.GetRawText() : BuiltInFormatter.OneLine(made.Value));
    }

    [Fact]
    public async Task Set_takes_a_variable_as_it_is()
    {
        using var kernel = new TestKernel();
        await kernel.TextAsync("record Point(int X, int Y); var p = new Point(1, 2);");
        Assert.Equal("True", await kernel.TextAsync("#!set --name q --value @p\nobject.ReferenceEquals(p, q) && q.X == 1"));
        Assert.Equal("True", await kernel.TextAsync("#!set --name r --value @csharp:p --byref\nobject.ReferenceEquals(p, r)"));
        var (_, cell) = await kernel.RunAsync("#!set --name s --value @p --show-code");
        Assert.Equal("var s = p;\n", TestKernel.Streams(cell));
        Assert.Null(kernel.Kernel.Session.FindVariable("s"));
    }

    [Theory]
    [InlineData("#!set --name x --value @pi", "There is no variable pi. Did you mean pie?")]
    [InlineData("#!set --name x --value @fsharp:y", "F# it does not")]
    [InlineData("#!set --name x --value @duck:y", "values come from csharp or value, not from duck")]
    [InlineData("#!set --name x", "needs --value")]
    [InlineData("#!set --name 3x --value 1", "the name of a variable is expected")]
    [InlineData("#!set --nmae x --value 1", "Did you mean --name?")]
    [InlineData("#!set --name x --value @value:y", "#!value has stored nothing under y")]
    [InlineData("#!set --name x --value @input:{bad", "no valid question")]
    [InlineData("#!share --from fsharp pie", "F# it does not")]
    [InlineData("#!share --from csharp pei --as x", "Did you mean pie?")]
    [InlineData("#!value --name v", "nothing to store")]
    [InlineData("#!value --name v --from-value 1\ntext", "takes one of")]
    [InlineData("#!value --name v --from-file nowhere.txt", "nowhere.txt cannot be read")]
    [InlineData("#!env NO_SUCH_VARIABLE_HERE", "There is no environment variable NO_SUCH_VARIABLE_HERE")]
    [InlineData("#!javascript\n#!share --from csharp pie\nalert(pie)", "cannot be handed to other languages here")]
    [InlineData("#!help stet", "Did you mean #!set?")]
    public async Task What_cannot_be_done_says_why(string code, string expected)
    {
        using var kernel = new TestKernel();
        await kernel.TextAsync("var pie = 3;");
        var (outcome, _) = await kernel.RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Contains(expected, outcome.Error!.Message);
    }

    [Fact]
    public async Task Share_and_value_hand_over_texts_and_second_names()
    {
        using var kernel = new TestKernel();
        Assert.Equal("a \"quoted\"\nline", await kernel.TextAsync("#!value --name note\na \"quoted\"\nline\n#!csharp\n#!share --from value note\nnote"));
        Assert.Equal("a \"quoted\"\nline", await kernel.TextAsync("#!share note --from value --as other\nother"));
        Assert.Equal("7", await kernel.TextAsync("var x = 7;\n#!share --from csharp x --as y\ny"));
        var (_, cell) = await kernel.RunAsync("#!share --from csharp x");
        Assert.Contains("x is a C# variable of this notebook already", TestKernel.Streams(cell));
        Assert.Equal("7!", await kernel.TextAsync("#!value --name seven --from-value @x\n#!csharp\n#!set --name s --value @value:seven\ns + \"!\""));
    }

    [Fact]
    public async Task Every_parameter_of_every_command_takes_expressions()
    {
        using var kernel = new TestKernel(new EchoExtension());
        await kernel.TextAsync("var n = 4; var half = 0.5; var t = \"two words\"; var list = new[] { 1, 2 }; string? nothing = null;");
        Assert.Equal("n=4 x=0.5 t=two words v=@n", await kernel.TextAsync("#!echo --n @n --x @half --t @t --v @n"));
        Assert.Equal("n= x= t=[1,2] v=", await kernel.TextAsync("#!echo --t @list"));
        Assert.Equal("n= x= t=@t v=", await kernel.TextAsync("#!echo --t \"@t\""));
        Assert.Equal("n= x= t=@kept v=", await kernel.TextAsync("#!echo --t '@kept'"));
        foreach (var (code, expected) in new[]
        {
            ("#!echo --n @half", "--n cannot be '0.5': a whole number"), ("#!echo --t @nothing", "@nothing is null"),
            ("#!echo --t @tt", "There is no variable tt. Did you mean t?"),
        })
        {
            var (outcome, _) = await kernel.RunAsync(code);
            Assert.Contains(expected, outcome.Error!.Message);
        }
    }

    [Fact]
    public async Task Questions_reach_the_user_and_passwords_stay_hidden()
    {
        using var kernel = new TestKernel(new EchoExtension());
        var sink = new AnsweringSink("12", "word", "s3cret", "typed");
        async Task RunAsync(string code)
        {
            var outcome = await kernel.Kernel.ExecuteAsync(new CellRequest(code, "cell 1"), sink, CancellationToken.None);
            Assert.True(outcome.Status == CellStatus.Ok, outcome.Error?.Message);
        }

        await RunAsync("#!echo --n @input:\"How many?\" --t @input:{\"prompt\":\"What?\"}");
        Assert.Equal("n=12 x= t=word v=", sink.Shown);
        await RunAsync("#!set --name pw --value @password:Secret");
        await RunAsync("#!set --name name --value @input\npw");
        Assert.Equal("********", sink.Shown);
        Assert.Equal([("How many?", false), ("What?", false), ("Secret", true), ("name", false)], sink.Asked);
        await RunAsync("pw.GetClearTextPassword()");
        Assert.Equal("s3cret", sink.Shown);
        await RunAsync("name");
        Assert.Equal("typed", sink.Shown);
    }

    [Fact]
    public async Task Without_a_front_end_a_question_fails_clearly()
    {
        using var kernel = new TestKernel();
        var (outcome, _) = await kernel.RunAsync("#!set --name x --value @input:Name");
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Contains("input", outcome.Error!.Message);
    }

    private sealed class EchoExtension : INotebookExtension, IMagicCommand
    {
        public string Name => "echo";

        public MagicDescriptor Descriptor { get; } = new("echo", "Says what it was given.",
        [
            new("n", MagicValueKind.Integer, ""), new("x", MagicValueKind.Number, ""), new("t", MagicValueKind.Text, ""),
            new("v", MagicValueKind.Variable, ""),
        ]);

        public void Register(IExtensionRegistry registry) => registry.AddCommand(this);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            context.Display(MimeBundle.FromText(string.Join(' ', Descriptor.Parameters.Select(p => $"{p.Name}={arguments.Text(p.Name)}"))));
            return Task.CompletedTask;
        }
    }

    private sealed class AnsweringSink(params string[] answers) : ICellSink
    {
        private readonly Queue<string> _answers = new(answers);

        public List<(string, bool)> Asked { get; } = [];

        public string? Shown { get; private set; }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken)
        {
            Asked.Add((prompt, isPassword));
            return _answers.Dequeue();
        }

        public void Display(MimeBundle bundle, string displayId) => Shown = (string)bundle.Parts[MimeTypes.Text];

        public void Result(MimeBundle bundle) => Shown = (string)bundle.Parts[MimeTypes.Text];

        public void Stream(string name, string text)
        {
        }

        public void UpdateDisplay(MimeBundle bundle, string displayId)
        {
        }

        public void Error(CellError error)
        {
        }

        public void Clear(bool wait)
        {
        }

        public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }
    }
}
