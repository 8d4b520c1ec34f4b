using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>A kernel with some cells behind it, asked at the place marked with | in a text.</summary>
public sealed class AssistantFixture : IAsyncLifetime
{
    internal TestKernel Kernel { get; } = new(new Extension());

    internal LightAssistant Assistant { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string[] cells =
        [
            "var sinogramWidth = 640; double angleStep = 0.25; var names = new List<string> { \"a\", \"b\" }; int? maybe = 3;",
            "/// <summary>Adds a half.</summary>\n/// <param name=\"x\">What it is added to.</param>\ndouble AddHalf(double x)\n{\n    return x + 0.5;\n}",
            "enum Filter { Ramp, Parzen, Hann }\nrecord Options { public Filter Filter { get; set; } public int Padding { get; init; } public int Fixed { get; } = 1; }\n" +
                "void Reconstruct(string path, Filter filter = Filter.Ramp, bool verbose = false) { }",
            "static string Describe(this Options options, int depth) => \"\";\nvar options = new Options(); var shapes = new float[2, 3];",
            "class Nosy { public static int Asked; public int Value { get { Asked++; return 1; } } public override string ToString() { Asked++; return \"asked\"; } }\nvar nosy = new Nosy();",
        ];
        foreach (var cell in cells)
        {
            await Kernel.TextAsync(cell);
        }

        Assistant = new LightAssistant(Kernel.Kernel);
    }

    public ValueTask DisposeAsync()
    {
        Kernel.Dispose();
        return ValueTask.CompletedTask;
    }

    internal CompletionList Complete(string marked) => Ask(marked, Assistant.Complete);

    internal List<string> Texts(string marked) => [.. Complete(marked).Items.Select(i => i.Text)];

    internal Inspection? Inspect(string marked, int detail = 0) => Ask(marked, (code, place) => Assistant.Inspect(code, place, detail));

    internal static T Ask<T>(string marked, Func<string, int, T> ask)
    {
        var place = marked.IndexOf('|', StringComparison.Ordinal);
        Assert.True(place >= 0, "no | in " + marked);
        return ask(marked.Remove(place, 1), place);
    }

    private sealed class Extension : INotebookExtension, IMagicCommand
    {
        public string Name => "test";

        public MagicDescriptor Descriptor { get; } = new("recon", "Reconstructs.",
        [
            new("input", MagicValueKind.Variable, "What to reconstruct.") { IsPositional = true },
            new("file", MagicValueKind.Path, "Where it goes.") { IsPositional = true },
            new("filter", MagicValueKind.Text, "The filter.") { Allowed = ["ramp", "parzen"], Default = "ramp" },
            new("mask", MagicValueKind.Path, "A file."),
            new("plain", MagicValueKind.Flag, "No frills."),
            new("as", MagicValueKind.NewVariable, "The result."),
        ]);

        public void Register(IExtensionRegistry registry) => registry.AddCommand(this);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context) => Task.CompletedTask;
    }
}
