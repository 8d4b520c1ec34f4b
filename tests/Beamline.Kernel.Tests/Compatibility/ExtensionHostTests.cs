using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class ExtensionHostTests : IDisposable
{
    private const string Source = """
        using Beamline.Notebook;
        [assembly: NotebookExtension(typeof(Optics.OpticsExtension))]
        namespace Optics
        {
            public record Lens(double Focus);
            public class OpticsExtension : INotebookExtension, INotebookLifecycle, IMagicCommand, IMimeFormatter
            {
                public static List<string> Heard { get; } = new();
                public string Name => "Optics";
                public MagicDescriptor Descriptor { get; } = new("lens", "Makes a lens.",
                    new[] { new MagicParameter("focus", MagicValueKind.Number, "In mm.") { IsPositional = true, IsRequired = true } });
                public void Register(IExtensionRegistry registry)
                {
                    registry.AddCommand(this);
                    registry.AddFormatter(this);
                    registry.AddReference(typeof(Lens).Assembly);
                    registry.AddUsing("Optics");
                }
                public async Task InvokeAsync(MagicArguments arguments, INotebookContext context) =>
                    await context.RunCodeAsync($"var lens = new Optics.Lens({arguments.Number("focus")});");
                public bool CanFormat(Type type) => type == typeof(Lens);
                public MimeBundle Format(object value) => MimeBundle.FromText($"lens of {((Lens)value).Focus} mm");
                void INotebookLifecycle.Loaded() => Heard.Add("loaded");
                void INotebookLifecycle.BeforeCell(CellBegin cell) { Heard.Add($"before {cell.Label}"); Console.WriteLine("[before]"); }
                void INotebookLifecycle.AfterCell(CellEnd cell) { Heard.Add($"after {cell.Label} {cell.Ending} {cell.Duration > TimeSpan.Zero} {cell.Error}"); Console.WriteLine("[after]"); }
                void INotebookLifecycle.Interrupting() => Heard.Add("interrupting");
                void INotebookLifecycle.ShuttingDown() => Heard.Add("shutting down");
            }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_assembly_that_names_its_extension_is_loaded_while_the_notebook_runs()
    {
        var assembly = Assembly.LoadFrom(Compiled.Library(_folder, "Optics", Source, typeof(INotebookExtension).Assembly));
        var heard = (List<string>)assembly.GetType("Optics.OpticsExtension")!.GetProperty("Heard")!.GetValue(null)!;
        using (var kernel = new TestKernel())
        {
            await kernel.TextAsync("var x = 1;");
            var (outcome, _) = await kernel.RunAsync("#!lens 3");
            Assert.Contains("There is no magic command #!lens", outcome.Error!.Message);
            Assert.Equal("Optics", kernel.Kernel.Extensions.Register(assembly));
            Assert.Null(kernel.Kernel.Extensions.Register(assembly));
            Assert.Equal(["Optics"], kernel.Kernel.Extensions.Names);
            Assert.Equal(["loaded"], heard);

            // Its types are the loaded ones, its namespace is open, its formatter shows them.
            Assert.Equal("lens of 50 mm", await kernel.TextAsync("#!lens 50\nlens"));
            Assert.Equal("lens of 5 mm", await kernel.TextAsync("new Lens(5)"));
            Assert.Contains("#!lens", await kernel.TextAsync("#!lsmagic"));
            Assert.Contains("Optics", await kernel.TextAsync("#!about"));
            Assert.Equal("lens of 6 mm", await kernel.TextAsync("#!restart\nnew Lens(6)"));

            heard.Clear();
            var (_, cell) = await kernel.RunAsync("Console.WriteLine(\"inside\");");
            Assert.Equal("[before]\ninside\n[after]\n", TestKernel.Streams(cell));
            await kernel.RunAsync("nowhere");
            Assert.Equal("before cell 8", heard[0]);
            Assert.Equal("after cell 8 Succeeded True ", heard[1]);
            Assert.StartsWith("after cell 9 Failed True CompilationError: line 1", heard[3]);

            heard.Clear();
            using var stop = new CancellationTokenSource();
            var running = kernel.RunAsync("Console.WriteLine(1); await Task.Delay(-1, CellCancellation);", token: stop.Token);
            await stop.CancelAsync();
            Assert.Equal(CellStatus.Interrupted, (await running).Outcome.Status);
            Assert.Contains("interrupting", heard);
        }

        Assert.Equal("shutting down", heard[^1]);
    }

    [Theory]
    [InlineData("public class E { }", "no class that implements INotebookExtension")]
    [InlineData("public abstract class E : INotebookExtension { public abstract string Name { get; } public abstract void Register(IExtensionRegistry r); }", "no class that implements")]
    [InlineData("public class E : INotebookExtension { public E() => throw new FormatException(\"no ctor\"); public string Name => \"e\"; public void Register(IExtensionRegistry r) { } }", "FormatException: no ctor")]
    [InlineData("public class E : INotebookExtension, IMagicCommand { public string Name => \"e\"; public void Register(IExtensionRegistry r) { r.AddUsing(\"No.Such\"); r.AddCommand(this); } public MagicDescriptor Descriptor => new(\"who\", \"\", new MagicParameter[0]); public Task InvokeAsync(MagicArguments a, INotebookContext c) => Task.CompletedTask; }", "Two magic commands are named #!who")]
    public async Task An_extension_that_cannot_be_loaded_says_why_and_leaves_no_trace(string code, string expected)
    {
        var name = "Bad" + Guid.NewGuid().ToString("N");
        var assembly = Assembly.LoadFrom(Compiled.Library(
            _folder, name, $"using Beamline.Notebook; [assembly: NotebookExtension(typeof({name}.E))] namespace {name} {{ {code} }}", typeof(INotebookExtension).Assembly));
        using var kernel = new TestKernel();
        var commands = kernel.Kernel.Commands.Count;
        Assert.Contains(expected, Assert.Throws<MagicException>(() => kernel.Kernel.Extensions.Register(assembly)).Message);
        Assert.Empty(kernel.Kernel.Extensions.Names);
        Assert.Equal(commands, kernel.Kernel.Commands.Count);
        Assert.Equal("2", await kernel.TextAsync("1 + 1"));
        Assert.Null(kernel.Kernel.Extensions.Register(typeof(ExtensionHostTests).Assembly));
    }

    [Fact]
    public async Task Callbacks_that_throw_are_reported_once_and_break_nothing()
    {
        using var kernel = new TestKernel(new Grumpy());
        var (outcome, cell) = await kernel.RunAsync("1");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        var said = TestKernel.Streams(cell, "stderr");
        foreach (var callback in (string[])["Loaded", "BeforeCell", "AfterCell"])
        {
            Assert.Contains($"Extension grumpy: {callback} threw FormatException: {callback}!", said);
        }

        (outcome, cell) = await kernel.RunAsync("2");
        Assert.Equal("2", RunnerFixture.Text(cell));
        Assert.Equal("", TestKernel.Streams(cell, "stderr"));
    }

    [Fact]
    public async Task A_formatter_that_throws_leaves_plain_text_and_a_note()
    {
        using var kernel = new TestKernel(new Grumpy());
        var text = await kernel.TextAsync("DateTime.UnixEpoch");
        Assert.Contains("could not be shown. FormatException: formatter!", text);
        Assert.Contains("1970", text);
    }

    private sealed class Grumpy : INotebookExtension, INotebookLifecycle, IMimeFormatter
    {
        public string Name => "grumpy";

        public void Register(IExtensionRegistry registry) => registry.AddFormatter(this);

        public bool CanFormat(Type type) => type == typeof(DateTime);

        public MimeBundle Format(object value) => throw new FormatException("formatter!");

        public void Loaded() => throw new FormatException("Loaded!");

        public void BeforeCell(CellBegin cell) => throw new FormatException("BeforeCell!");

        public void AfterCell(CellEnd cell) => throw new FormatException("AfterCell!");

        public void ShuttingDown() => throw new FormatException("ShuttingDown!");
    }
}
