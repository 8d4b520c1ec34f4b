using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>
/// Notebooks as users of .NET Interactive write them, in our own words, run from the first cell to the last. Each cell says
/// what must come out of it: <c>//: text</c> somewhere in its outputs (text of streams and of all MIME types).
/// </summary>
public sealed class CompatibilitySetTests
{
    public static TheoryData<string, string> Books => new()
    {
        { "tables.dib", """
            #!csharp
            record Sample(string Name, double Mass); //:
            var samples = new[] { new Sample("bone", 1.5), new Sample("foam", 0.2) };
            #!csharp
            samples //: <th>Mass</th> //: foam
            #!csharp
            display(samples.Where(s => s.Mass > 1)); //: bone
            #!csharp
            new Dictionary<string, int> { ["a"] = 1 } //: <th>Key</th>
            """ },
        { "display-updates.dib", """
            #!csharp
            var bar = display("0 %");
            for (var i = 1; i <= 10; i++) { bar.Update($"{10 * i} %"); } //: 100 %
            #!csharp
            var h = HTML("<b>first</b>").Display();
            h.Update(HTML("<b>second</b>")); //: <b>second</b>
            #!csharp
            Display("gone"); clear_output(); Console.WriteLine("stays"); //: stays
            """ },
        { "html.dib", """
            #!html
            <h1>Title &amp; more</h1>
            #!csharp
            HTML("<i>it</i>") //: <i>it</i>
            #!csharp
            "<svg/>".DisplayAs("image/svg+xml"); //: <svg/>
            #!csharp
            Kernel.Javascript("console.log(1)"); //: console.log(1)
            #!csharp
            CSS("p { margin: 0 }"); //: margin
            """ },
        { "set-and-share.dib", """
            #!csharp
            #!set --name limit --value 12
            limit + 1 //: 13
            #!csharp
            #!set --name copy --value @csharp:limit
            copy.GetType().Name //: Int32
            #!value --name config
            {"angles": 180}
            #!csharp
            #!share --from value config
            System.Text.Json.JsonDocument.Parse(config).RootElement.GetProperty("angles").GetInt32() //: 180
            #!csharp
            #!share --from csharp limit --as other
            other == limit //: True
            """ },
        { "import.dib", """
            #!csharp
            #!import helpers.dib
            Half(Pi4) //: 2
            #!csharp
            #!import helpers.cs
            new Tool().Name //: tool
            """ },
        { "markdown.dib", """
            #!meta
            {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":[],"name":"csharp"}]}}
            #!markdown
            # A title
            with `code` and #!time inside
            #!csharp
            1 + 1 //: 2
            #!csharp
            #!markdown
            **bold**
            #!csharp
            3 //: 3
            """ },
        { "app.cs", """
            #!/usr/bin/env dotnet
            #:property LangVersion=preview
            using System.Text.Json;

            var numbers = Enumerable.Range(1, 3).ToList();
            Console.WriteLine(JsonSerializer.Serialize(new Box(numbers, Local(2))));
            Console.WriteLine($"args: {args.Length}"); //: {"Items":[1,2,3],"Twice":4} //: args: 0
            static int Local(int x) => 2 * x;
            record Box(List<int> Items, int Twice);
            """ },
        { "plotly.dib", """
            #!csharp
            using System.Text.Json;
            var figure = JsonSerializer.Serialize(new { data = new[] { new { type = "bar", y = new[] { 1, 2 } } }, layout = new { title = new { text = "Counts" } } });
            figure.DisplayAs("application/vnd.plotly.v1+json"); //: "type":"bar" //: Counts
            """ },
        { "formatters.dib", """
            #!csharp
            using Microsoft.DotNet.Interactive.Formatting;
            record Dose(double Gray);
            Formatter.Register<Dose>(d => $"<b>{d.Gray} Gy</b>", "text/html"); //: was passed over
            #!csharp
            new Dose(1.5) //: <b>1.5 Gy</b>
            #!csharp
            Formatter.SetPreferredMimeTypesFor(typeof(Dose), "text/plain");
            new Dose(2.5).ToDisplayString() //: Dose { Gray = 2.5 }
            """ },
        { "records.dib", """
            #!csharp
            public record Point(double X, double Y) { public double Length => Math.Sqrt(X * X + Y * Y); }
            public static class Extensions { }
            #!csharp
            var p = new Point(3, 4) with { Y = 4 };
            p //: <td style="text-align:left">Length</td>
            #!csharp
            p is { X: > 2, Y: var y } ? y : 0 //: 4
            """ },
        { "async.dib", """
            #!csharp
            #!time
            await Task.Delay(5);
            async IAsyncEnumerable<int> Count() { for (var i = 0; i < 3; i++) { await Task.Yield(); yield return i; } } //: Time:
            #!csharp
            var sum = 0;
            await foreach (var i in Count()) { sum += i; }
            sum //: 3
            #!csharp
            var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => { await Task.Delay(1); return i * i; }));
            string.Join(",", all) //: 0,1,4
            """ },
        { "linq.dib", """
            #!csharp
            var words = "the quick brown fox jumps over the lazy dog".Split(' ');
            from w in words group w by w.Length into g orderby g.Key select new { Letters = g.Key, Words = g.Count() } //: <th>Letters</th>
            #!csharp
            words.GroupBy(w => w).Where(g => g.Count() > 1).Single().Key //: the
            #!csharp
            words.Index().Aggregate(0, (a, x) => a + x.Index * x.Item.Length) //: 134
            #!csharp
            #!whos words
            """ },
        { "parameters.dib", """
            #!csharp
            var folder = "data"; int? count = null; bool fast = true;
            #!csharp
            #!set --name label --value "run 7"
            $"{label}: {folder} {count ?? 0} {fast}" //: run 7: data 0 True
            """ },
        { "mixed-languages.ipynb", """
            {"nbformat":4,"nbformat_minor":2,"metadata":{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"},
              "language_info":{"name":"polyglot-notebook"},"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"csharp","items":[{"name":"csharp"},{"name":"html"}]}}},
             "cells":[
              {"cell_type":"markdown","metadata":{},"source":["# Mixed"]},
              {"cell_type":"code","execution_count":null,"metadata":{"dotnet_interactive":{"language":"csharp"},"polyglot_notebook":{"kernelName":"csharp"},"vscode":{"languageId":"polyglot-notebook"}},"outputs":[],"source":["var x = 40;\n","x + 2 //: 42"]},
              {"cell_type":"code","execution_count":null,"metadata":{"dotnet_interactive":{"language":"html"},"polyglot_notebook":{"kernelName":"html"}},"outputs":[],"source":["<p>paragraph</p> <!--//: <p>paragraph</p>-->"]},
              {"cell_type":"code","execution_count":null,"metadata":{"polyglot_notebook":{"kernelName":"fsharp"},"tags":["skip-execution"]},"outputs":[],"source":["let y = 1"]},
              {"cell_type":"code","execution_count":null,"metadata":{"vscode":{"languageId":"polyglot-notebook"}},"outputs":[],"source":["display(x); //: 40"]}]}
            """ },
    };

    [Theory, MemberData(nameof(Books))]
    public async Task A_notebook_of_dotnet_interactive_runs(string file, string text)
    {
        using var fixture = new RunnerFixture();
        fixture.Folder.Write("helpers.dib", "#!csharp\nconst int Pi4 = 4;\nint Half(int x) => x / 2;");
        fixture.Folder.Write("helpers.cs", "public class Tool { public string Name => \"tool\"; }");
        var result = await fixture.RunAsync(new RunOptions { NotebookPath = fixture.Folder.Write(file, text) });
        Assert.True(result.ExitCode == 0, $"{result.Message}\n{string.Join('\n', result.Cells.SelectMany(c => c.Traceback))}");
        var expected = 0;
        foreach (var cell in result.Document!.Cells.Where(c => c.Kind == NotebookCellKind.Code && !c.HasTag("skip-execution")))
        {
            var shown = string.Join('\n', cell.Outputs.SelectMany(Texts));
            foreach (var part in cell.Source.Split("//:").Skip(1).Select(p => p.Split('\n')[0].Split("-->")[0].Trim()).Where(p => p.Length > 0))
            {
                Assert.Contains(part, shown);
                expected++;
            }
        }

        Assert.True(expected > 0, "The notebook says nothing that could be wrong.");
    }

    [Fact]
    public void There_are_at_least_twelve() => Assert.True(Books.Count >= 12);

    private static IEnumerable<string> Texts(JsonNode? output) =>
        output!["data"] is JsonObject data
            ? data.Select(p => p.Value is JsonValue v && v.TryGetValue<string>(out var text) ? text : p.Value!.ToJsonString())
            : [(string?)output["text"] ?? ""];
}
