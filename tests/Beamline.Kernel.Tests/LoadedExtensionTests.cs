using System.Reflection;

namespace Beamline.Kernel.Tests;

/// <summary>Extensions that come with a package.</summary>
public sealed class LoadedExtensionTests : IDisposable
{
    private const string Head = "using System; using System.Threading.Tasks; using Beamline.Notebook;";
    private readonly TestFeed _feed = new();
    private readonly TestKernel _kernel;
    private readonly string _id;

    public LoadedExtensionTests() => (_kernel, _id) = (_feed.Kernel(), _feed.Id);

    public void Dispose()
    {
        _kernel.Dispose();
        _feed.Dispose();
    }

    [Fact]
    public async Task Commands_formatters_and_namespaces_work_from_the_same_cell_on()
    {
        var heard = new List<Assembly>();
        _kernel.Kernel.Packages.AssembliesLoaded += heard.AddRange;
        _feed.Add(_id, "1.0.0", Extension($"r.AddCommand(new Hello()); r.AddFormatter(new F()); r.AddUsing(\"{_id}.Inside\");"));
        var (outcome, cell) = await _kernel.RunAsync($"#r \"nuget: {_id}, 1.0.0\"\n#!hello{_id}\nnew Thing()");
        Assert.Null(outcome.Error);
        Assert.Equal($"Extension Test: #!hello{_id}\nhello\n", TestKernel.Streams(cell));
        Assert.Equal("a thing", cell.Outputs[^1]!["data"]!["text/plain"]!.ToString());
        Assert.Equal(_id, Assert.Single(heard).GetName().Name);
        Assert.Equal("a thing", await _kernel.TextAsync("new Thing()"));
    }

    [Theory]
    [InlineData("throw new System.Exception(\"no luck\");", "Exception: no luck")]
    [InlineData("r.AddUsing(\"Nowhere\"); r.AddCommand(new Taken());", "#!lsmagic")]
    public async Task An_extension_that_fails_leaves_nothing_and_the_package_works(string body, string expected)
    {
        _feed.Add(_id, "1.0.0", Extension(body));
        var (outcome, cell) = await _kernel.RunAsync($"#r \"nuget: {_id}, 1.0.0\"\nnew {_id}.Inside.Thing().GetType().Name");
        Assert.Null(outcome.Error);
        Assert.Contains(expected, TestKernel.Streams(cell, "stderr"));
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    private string Extension(string register) => $$"""
        {{Head}}
        [assembly: NotebookExtension(typeof(Ext))]
        public class Ext : INotebookExtension { public string Name => "Test"; public void Register(IExtensionRegistry r) { {{register}} } }
        public class Hello : IMagicCommand
        {
            public virtual MagicDescriptor Descriptor => new MagicDescriptor("hello{{_id}}", "", new MagicParameter[0]);
            public Task InvokeAsync(MagicArguments a, INotebookContext c) { c.WriteLine("hello"); return Task.CompletedTask; }
        }
        public class Taken : Hello { public override MagicDescriptor Descriptor => new MagicDescriptor("lsmagic", "", new MagicParameter[0]); }
        public class F : IMimeFormatter
        {
            public bool CanFormat(Type t) => t.Name == "Thing";
            public MimeBundle Format(object o) => MimeBundle.FromText("a thing");
        }
        namespace {{_id}}.Inside { public class Thing { } }
        """;
}
