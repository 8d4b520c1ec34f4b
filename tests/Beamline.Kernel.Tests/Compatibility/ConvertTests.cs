using System.Diagnostics;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Book(params string[] code)
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# Head\n\ntext"));
        foreach (var source in code)
        {
            document.Cells.Add(new NotebookCell(NotebookCellKind.Code, source));
        }

        document.Save(_folder.File("book.ipynb"));
        return _folder.File("book.ipynb");
    }

    private (string Text, IReadOnlyList<string> Warnings) Program(params string[] code)
    {
        var warnings = NotebookConverter.Convert(Book(code), _folder.File("app.cs"), [new Shouting()]);
        return (File.ReadAllText(_folder.File("app.cs")), warnings);
    }

    [Fact]
    public void Notebooks_go_to_dib_and_back()
    {
        var document = NotebookDocument.Load(Book("var x = 1;\n\nx", "#!html\n<b>"));
        document.Cells[1].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "1" });
        document.Cells[2].Metadata["tags"] = new JsonArray("t");
        document.Save(_folder.File("book.ipynb"));
        var warning = Assert.Single(NotebookConverter.Convert(_folder.File("book.ipynb"), _folder.File("book.dib"), []));
        Assert.Contains("those of 1 and 1 cells", warning);
        Assert.Empty(NotebookConverter.Convert(_folder.File("book.dib"), _folder.File("back.ipynb"), []));
        var back = NotebookDocument.Load(_folder.File("back.ipynb"));
        Assert.Equal(["# Head\n\ntext", "var x = 1;\n\nx", "#!html\n<b>"], back.Cells.Select(CellLanguages.SourceOf));
        Assert.Equal("beamline", (string?)back.Metadata["kernelspec"]!["name"]);
    }

    [Fact]
    public void A_program_has_what_it_needs_and_no_more()
    {
        var (text, warnings) = Program(
            "#r \"nuget: MathNet.Numerics, 5.0.0\"\n#i \"nuget: /packages\"\n#r \"project: ../Lib/Lib.csproj\"\nusing System.Net;\nvar ip = IPAddress.Loopback;",
            "record P(int A);\n// why\nvar p = new P(1);\n#!time\np",
            "int Twice(int x) => 2 * x;\npublic static string Loud(this string s) => s + \"!\";\nint i; string s;",
            "var p = new P(Twice(2));\n\"a\".Loud()",
            "#!set --name answer --value 42\n#!shout answer --as loud\nloud");
        Assert.Equal("""
            #!/usr/bin/env dotnet
            #:package MathNet.Numerics@5.0.0
            #:property RestoreAdditionalProjectSources=/packages
            #:project ../Lib/Lib.csproj

            using System.Net;
            using static NotebookHelpers;

            // %% [markdown]
            // # Head
            //
            // text

            // %%
            var ip = IPAddress.Loopback;

            // %%
            // why
            var p = new P(1);
            // #!time
            display(p);

            // %%
            int Twice(int x) => 2 * x;
            int i = default;
            string s = default!;

            // %%
            p = new P(Twice(2));
            display("a".Loud());

            // %%
            // #!set --name answer --value 42
            var answer = 42;
            // #!shout answer --as loud
            var loud = answer + 1;
            display(loud);

            // %% [types]
            record P(int A);

            static class LoudExtension
            {
                public static string Loud(this string s) => s + "!";
            }


            """, text[..text.IndexOf("// %% [helpers]", StringComparison.Ordinal)]);
        Assert.Equal(["cell 3: '#!time' became a comment: it acts on the notebook itself"], warnings);
    }

    [Fact]
    public void Namespaces_and_extensions_go_to_the_types()
    {
        var (text, warnings) = Program(
            "namespace Lab;\n// kept\npublic class Probe { public int V = 2; }",
            "static class E { extension(int i) { public int Next => i + 1; } }\nvar a = 1.Next;",
            "namespace Deep.Lab { class Other { } }\nvar b = new Lab.Probe().V + a;\nvar c = new Deep.Lab.Other();");
        Assert.Empty(warnings);
        Assert.Contains("var a = 1.Next;\n", text);
        Assert.Contains("namespace Lab\n{\n// kept\npublic class Probe { public int V = 2; }\n}", text);
        Assert.Contains("namespace Deep.Lab { class Other { } }", text);
        Assert.True(text.IndexOf("var c", StringComparison.Ordinal) < text.IndexOf("namespace Lab", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_program_runs_and_prints_what_the_notebook_shows()
    {
        var (text, warnings) = Program(
            "var numbers = Enumerable.Range(1, 5).Where(n => n % 2 == 1).ToArray();\nnumbers",
            "record P(int A) { public int Twice => 2 * A; }\nint Sum(int[] x) => x.Sum();",
            "var total = Sum(numbers);\nvar total = total + new P(3).Twice;\nConsole.WriteLine($\"total {total}\");",
            "await Task.Delay(1);\nvar shown = display(\"before\"); shown.Update(\"after\");\n\"<b>\".DisplayAs(\"text/html\");",
            "Console.Write(\"void\")");
        Assert.Empty(warnings);
        const string Expected = "1, 3, 5\ntotal 15\nbefore\nafter\n<b>\nvoid";
        Assert.Equal(Expected, await DotnetRunAsync(_folder.File("app.cs")));

        // And back: the program is a notebook again.
        NotebookConverter.Convert(_folder.File("app.cs"), _folder.File("again.ipynb"), []);
        var again = NotebookDocument.Load(_folder.File("again.ipynb"));
        Assert.DoesNotContain(again.Cells, c => c.Source.Contains("NotebookHelpers", StringComparison.Ordinal));
        using var fixture = new RunnerFixture();
        var result = await fixture.RunAsync(new RunOptions { NotebookPath = _folder.File("again.ipynb") });
        Assert.True(result.ExitCode == 0, result.Message);
        Assert.Contains("total 15", result.Document!.ToJson());
        Assert.DoesNotContain("#!/usr", text[1..]);
    }

    [Theory]
    [InlineData("var x = 1;~var x = \"text\";", "the program does not compile: CS0029")]
    [InlineData("#load \"a.csx\"", "#load \"a.csx\" has no like in a program")]
    [InlineData("#r \"a.dll\"", "#r \"a.dll\" has no like in a program")]
    [InlineData("var x = ;", "cell 2 has an error and became a comment")]
    [InlineData("#!shout nowhere", "cell 2: '#!shout nowhere' became a comment: There is no variable nowhere")]
    [InlineData("#!import a.dib", "'#!import a.dib' became a comment")]
    public void What_cannot_be_carried_over_is_said(string cells, string expected) =>
        Assert.Contains(expected, string.Join('\n', Program(cells.Split('~')).Warnings));

    [Theory]
    [InlineData("nowhere.dib", "out.ipynb", "There is no file")]
    [InlineData("boook.ipynb", "out.cs", "Did you mean book.ipynb?")]
    [InlineData("book.pdf", "out.ipynb", "it must end in .ipynb, .dib, .cs or .csx")]
    [InlineData("book.ipynb", "out.csx", "it must end in .ipynb, .dib or .cs")]
    public void Wrong_files_say_why(string from, string to, string expected)
    {
        Book("1");
        var exception = Record.Exception(() => NotebookConverter.Convert(_folder.File(from), _folder.File(to), []));
        Assert.Contains(expected, exception!.Message);
        Assert.False(File.Exists(_folder.File(to)));
    }

    private static async Task<string> DotnetRunAsync(string program)
    {
        var start = new ProcessStartInfo("dotnet", ["run", program])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(program),
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }

    /// <summary>A magic command that writes C#, with types of variables.</summary>
    private sealed class Shouting : CodeMagic, INotebookExtension
    {
        public string Name => "shouting";

        public override MagicDescriptor Descriptor { get; } = new("shout", "Adds one.",
        [
            new("what", MagicValueKind.Variable, "") { IsPositional = true, IsRequired = true }, new("as", MagicValueKind.NewVariable, ""),
        ]);

        public void Register(IExtensionRegistry registry) => registry.AddCommand(this);

        protected override MagicCode Translate(MagicArguments arguments, INotebookContext context) =>
            Variable(arguments, "what", context) is { } v && v.Type == typeof(int)
                ? new MagicCode($"var {arguments.Required("as")} = {v.Name} + 1;", arguments.Required("as"))
                : throw new MagicException("no int");
    }
}
