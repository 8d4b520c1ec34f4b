namespace Beamline.Kernel.Tests;

public sealed class LightCompletionTests(AssistantFixture session) : IClassFixture<AssistantFixture>
{
    [Theory]
    // Variables and functions of earlier cells and of the one being typed
    [InlineData("sinogramW|", "sinogramWidth")]
    [InlineData("var a = angleSt|", "angleStep")]
    [InlineData("AddH|", "AddHalf")]
    [InlineData("var localThing = 1;\nlocalTh|", "localThing")]
    [InlineData("int Twice(int factor) { return fact|; }", "factor")]
    [InlineData("names.Select(item => ite|)", "item")]
    [InlineData("void F() { int inner = 1; { inn| } }", "inner")]
    // Members
    [InlineData("names.Cap|", "Capacity")]
    [InlineData("names.Whe|", "Where")]
    [InlineData("names.Select(n => n.Len|)", "Length")]
    [InlineData("names.Select(n => n.Trim()).Where(n => n.StartsW|", "StartsWith")]
    [InlineData("from n in names where n.Len| select n", "Length")]
    [InlineData("Console.ReadL|", "ReadLine")]
    [InlineData("System.Text.StringB|", "StringBuilder")]
    [InlineData("options.Descr|", "Describe")]
    [InlineData("maybe.HasV|", "HasValue")]
    [InlineData("names?.Cou|", "Count")]
    [InlineData("names?[0].Len|", "Length")]
    [InlineData("maybe?.CompareT|", "CompareTo")]
    [InlineData("this_is_wrong(;\nnames.Cap|", "Capacity")]
    [InlineData("var broken = ;\nif (names.Cap|", "Capacity")]
    [InlineData("names.Cap|\nvar next = 3;", "Capacity")]
    [InlineData("names.|\nvar next = 3;", "Capacity")]
    [InlineData("new List<int>().Cap|", "Capacity")]
    [InlineData("\"text\".Len|", "Length")]
    [InlineData("$\"{names.Cap|}\"", "Capacity")]
    [InlineData("$\"{names.Cap|", "Capacity")]
    [InlineData("Enumerable.Range(0, 3).Select(i => (i, Square: i * i)).First().Squ|", "Square")]
    [InlineData("class A { protected int Kept; } class B : A { void F() { base.Kep| } }", "Kept")]
    [InlineData("DayOfWeek.Mon|", "Monday")]
    [InlineData("global::System.Consol|", "Console")]
    // Humps
    [InlineData("Console.WL|", "WriteLine")]
    [InlineData("Console.wl|", "WriteLine")]
    [InlineData("new StrBui|", "StringBuilder")]
    // Types and usings
    [InlineData("using System.Tex|", "Text")]
    [InlineData("using Sys|", "System")]
    [InlineData("using static System.Mat|", "Math")]
    [InlineData("new List<strin|", "string")]
    [InlineData("Options o = new |", "Options")]
    [InlineData("class D : Opt|", "Options")]
    [InlineData("try { } catch (IOExc|", "IOException")]
    [InlineData("[Obsol|] class E { }", "Obsolete")]
    // Names that the place gives
    [InlineData("new Options { Pad|", "Padding")]
    [InlineData("new Options { | }", "Filter")]
    [InlineData("var other = options with { Pad| }", "Padding")]
    [InlineData("options is { Fix| }", "Fixed: ")]
    [InlineData("Reconstruct(\"a\", ver|", "verbose:")]
    [InlineData("Reconstruct(path: \"a\", |)", "filter:")]
    [InlineData("Reconstruct(\"a\", |)", "Filter.Ramp")]
    [InlineData("Reconstruct(\"a\", Par|", "Filter.Parzen")]
    [InlineData("Filter f = |", "Filter.Hann")]
    [InlineData("options.Filter == |", "Filter.Hann")]
    [InlineData("switch (options.Filter) { case |", "Filter.Hann")]
    [InlineData("bool b = tr|", "true")]
    [InlineData("class C { public override | }", "string? ToString() => base.ToString();")]
    [InlineData("class C { public override ToS| }", "string? ToString() => base.ToString();")]
    // Keywords
    [InlineData("forea|", "foreach")]
    [InlineData("awai|", "await")]
    [InlineData("names i|", "is")]
    [InlineData("from n in names orde|", "orderby")]
    [InlineData("var @class = 1; @cla|", "@class")]
    // Globals of the kernel
    [InlineData("displ|", "display")]
    // Directives
    [InlineData("#r \"nug|", "nuget: ")]
    [InlineData("#lo|", "#load \"")]
    public void Offers(string code, string expected) => Assert.Contains(expected, session.Texts(code));

    [Theory]
    [InlineData("// names.|")]
    [InlineData("// names|")]
    [InlineData("/* names.| */")]
    [InlineData("/// names.|\nvar x = 1;")]
    [InlineData("\"names.|\"")]
    [InlineData("\"names.|")]
    [InlineData("$\"names.|\"")]
    [InlineData("'n|'")]
    [InlineData("\"\"\"names.| \"\"\"")]
    [InlineData("var s = @\"\nnames.|\n\";")]
    [InlineData("12|")]
    [InlineData("1.5e|")]
    [InlineData("int sinog|")]
    [InlineData("int count = 3; string sino|")]
    [InlineData("class Opt|")]
    [InlineData("int F(int sinog|) => 1;")]
    [InlineData("foreach (var nam| in names)")]
    [InlineData("#if false\nnames.|\n#endif")]
    [InlineData("doesNotExist.|")]
    [InlineData("Console.WriteLine.|")]
    public void Offers_nothing(string code) => Assert.Empty(session.Texts(code));

    [Theory]
    [InlineData("names.|", "Capacity", "Equals")]
    [InlineData("names.|", "Where", "GetHashCode")]
    [InlineData("names.C|", "Count", "Cast")]
    [InlineData("Options.|", "Equals", "Padding")]
    [InlineData("options.|", "Padding", "sinogramWidth")]
    [InlineData("new |", "List", "Console")]
    [InlineData("new Options { Filter = Filter.Ramp, | }", "Padding", "Filter")]
    [InlineData("new Options { | }", "Padding", "Fixed")]
    [InlineData("using System.|", "Text", "Console")]
    [InlineData("Console.ReadL|", "ReadLine", "ReadKey")]
    [InlineData("s|", "sinogramWidth", "nosy")]
    [InlineData("|", "sinogramWidth", "StringBuilder")]
    [InlineData("var later = la|; var lateComer = 1;", "LastError", "later")]
    public void Offers_one_before_or_without_the_other(string code, string first, string other)
    {
        var texts = session.Texts(code);
        Assert.Contains(first, texts);
        Assert.True(!texts.Contains(other) || texts.IndexOf(first) < texts.IndexOf(other), string.Join(' ', texts.Take(40)));
    }

    [Fact]
    public void Each_name_comes_once_with_the_number_of_its_overloads()
    {
        var found = session.Complete("Console.Write|").Items;
        var line = Assert.Single(found, i => i.Text == "WriteLine");
        Assert.Equal("function", line.Kind);
        Assert.Matches(@"\(\+ 1[0-9] overloads\)", line.Signature);
        Assert.Equal(["Write", "WriteLine"], found.Select(i => i.Text));
        Assert.Equal("double", session.Complete("angleSt|").Items.Single().Signature);
        Assert.Contains("double x", session.Complete("AddHal|").Items.Single().Signature);
    }

    [Fact]
    public void An_assembly_that_the_same_cell_refers_to_is_known()
    {
        var cell = $"#r \"{Path.Combine(AppContext.BaseDirectory, "Markdig.dll")}\"\n";
        Assert.Contains("Markdown", session.Texts(cell + "Markdig.Markd|"));
        Assert.Contains("ToHtml", session.Texts(cell + "Markdig.Markdown.ToH|"));
        Assert.Empty(session.Texts("Markdig.Markd|"));
    }

    [Fact]
    public void A_type_that_no_using_opens_comes_by_its_full_name_and_last()
    {
        var found = session.Complete("Stopwatc|").Items;
        Assert.Equal(("System.Diagnostics.Stopwatch", "using System.Diagnostics;"), (found[^1].Text, found[^1].Signature));
        Assert.DoesNotContain("System.Collections.Generic.List", session.Texts("List|"));
    }

    [Fact]
    public void The_replaced_part_is_the_word_up_to_the_cursor()
    {
        var found = session.Complete("names.Cap| + 1");
        Assert.Equal((6, 9), (found.Start, found.End));
        found = session.Complete("names.|");
        Assert.Equal((6, 6), (found.Start, found.End));
        found = session.Complete("namesX.|;");
        Assert.Equal((7, 7), (found.Start, found.End));
    }

    [Fact]
    public void Replies_count_code_points_and_carry_types()
    {
        const string Code = "\"\U0001F600\U0001F9EA\".Len";
        var reply = AssistanceReplies.Complete(session.Assistant, Code, Code.Length);
        Assert.Equal("Length", (string?)reply["matches"]![0]);
        Assert.Equal((5, 8), ((int)reply["cursor_start"]!, (int)reply["cursor_end"]!));
        var typed = reply["metadata"]!["_jupyter_types_experimental"]![0]!;
        Assert.Equal(("Length", "property", "int", 5), ((string?)typed["text"], (string?)typed["type"], (string?)typed["signature"], (int)typed["start"]!));
    }

    [Theory]
    [InlineData("names.Cap")]
    [InlineData("\ud800 + \0 names.")]
    [InlineData("#!recon \ud83d")]
    [InlineData("$\"{{{names.\"")]
    [InlineData("class { record ( [ < \"\"\" ")]
    [InlineData("#r \"nuget: \n#load \"")]
    [InlineData("names.Where(x => x.Select(y => new { y, z = from q in y where ")]
    public void No_place_in_any_code_throws(string code)
    {
        for (var place = -1; place <= code.Length + 1; place++)
        {
            Assert.NotNull(session.Assistant.Complete(code, place));
            _ = session.Assistant.Inspect(code, place, 1);
        }
    }

    [Fact]
    public async Task Completion_goes_on_while_a_cell_runs_and_sees_each_new_cell()
    {
        using var kernel = new TestKernel();
        var assistant = new LightAssistant(kernel.Kernel);
        await kernel.TextAsync("var firstOne = 1;");
        using var stop = new CancellationTokenSource();
        var typing = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var count = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.Contains(assistant.Complete("firstO", 6).Items, i => i.Text == "firstOne");
                assistant.Inspect("Math.Max(1, 2)", 6);
                count++;
            }

            return count;
        })).ToArray();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", await kernel.TextAsync($"var value{i} = {i}; await Task.Delay(5); value{i}"));
            Assert.Contains(assistant.Complete($"value{i}", 6).Items, item => item.Text == $"value{i}");
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(typing), count => Assert.True(count > 0));
    }
}
