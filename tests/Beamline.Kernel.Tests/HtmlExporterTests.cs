using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Kernel.Tests;

public sealed partial class HtmlExporterTests : IDisposable
{
    private const string Script = "<script>alert(1)</script>";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scripts_in_code_text_streams_errors_and_results_are_shown_not_run()
    {
        var page = Page(
            Markdown($"{Script}\n\na {Script} b\n\n`{Script}`\n\n# {Script}"),
            new NotebookCell(NotebookCellKind.Raw, Script),
            Code($"// {Script}\nvar x = \"{Script}\"; {Script}\n#!who {Script}",
                Stream("stdout", Script), Stream("stderr", $"\u001b[31m{Script}"),
                Error(Script), Result(("text/plain", Script)), Result(("text/markdown", Script)), Result((Script, "1"))));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(AlertText().Count(page) >= 12, "something was left out");
        Assert.DoesNotContain("<script", HtmlExporter.Export(new(), new() { Title = Script }));
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("text <b onclick=\"alert(1)\">b</b>")]
    [InlineData("<iframe src=\"https://x\"></iframe>")]
    public void Raw_html_in_markdown_is_text(string html)
    {
        var page = MarkdownHtml.Render(html, "c-", null, null);
        Assert.DoesNotContain("<img", page);
        Assert.DoesNotContain("<b ", page);
        Assert.DoesNotContain("<iframe", page);
        Assert.Contains("&lt;", page);
    }

    [Theory]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScript:alert(1))")]
    [InlineData("[a](<java\tscript:alert(1)>)")]
    [InlineData("[a](&#106;avascript:alert(1))")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("[a](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[a][r]\n\n[r]: javascript:alert(1)")]
    [InlineData("[a](file:///etc/passwd)")]
    public void Links_that_run_something_lead_nowhere(string markdown)
    {
        var page = MarkdownHtml.Render(markdown, "c-", null, null);
        Assert.Contains("href=\"#\"", page);
        Assert.DoesNotMatch("href=\"[^#\"]", page);
    }

    [Theory]
    [InlineData("[a](https://example.org/a?b=c:d)", "href=\"https://example.org/a?b=c:d\"")]
    [InlineData("[a](mailto:a@b.org)", "href=\"mailto:a@b.org\"")]
    [InlineData("[a](other/page.html)", "href=\"other/page.html\"")]
    [InlineData("[a](#flat-fields)", "href=\"#c-flat-fields\"")]
    public void Other_links_stay(string markdown, string expected) =>
        Assert.Contains(expected, MarkdownHtml.Render(markdown, "c-", null, null));

    [Fact]
    public void Nothing_is_fetched()
    {
        var page = Page(
            Markdown("![a](https://example.org/a.png) ![b](//example.org/b.png) ![c](http://example.org/c)\n\n![d][r]\n\n[r]: https://example.org/d.png"),
            Code("1", Result(("text/html", "<b>x</b>"))));
        Assert.DoesNotMatch("(src|srcset|poster|data)\\s*=\\s*[\"']?(https?:)?//", page);
        Assert.DoesNotMatch("url\\(\\s*[\"']?(https?:)?//", page);
        Assert.DoesNotContain("<link", page);
        Assert.DoesNotContain("@import", page);
        Assert.Equal(4, Regex.Count(page, "<img src=\"data:image/gif"));
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'", page);
        var policy = page.IndexOf("Content-Security-Policy", StringComparison.Ordinal);
        Assert.True(policy < page.IndexOf("<style", StringComparison.Ordinal));
    }

    [Fact]
    public void Attached_and_neighboring_pictures_are_inlined_but_no_other_files()
    {
        Directory.CreateDirectory(_folder.File("book/img"));
        _folder.Write("book/img/a b.png", "ABC");
        _folder.Write("secret.png", "S");
        Directory.CreateDirectory(_folder.File("book2"));
        _folder.Write("book2/own.png", "S");
        _folder.Write("book/notes.txt", "N");
        var cell = new NotebookCell(NotebookCellKind.Markdown, "![x](attachment:x%20y.png) ![y](attachment:none.png) ![z](<img/a b.png>) " +
            "![s](../secret.png) ![t](notes.txt) ![u](img/missing.png) ![v](/etc/hostname.png) ![w](../book2/own.png)")
        {
            Attachments = new JsonObject { ["x y.png"] = new JsonObject { ["image/png"] = "WFla" } },
        };
        var page = HtmlExporter.Export(new() { Cells = [cell] }, new() { Folder = _folder.File("book") });
        Assert.Contains("<img src=\"data:image/png;base64,WFla\" alt=\"x\"", page);
        Assert.Contains("<img src=\"data:image/png;base64,QUJD\" alt=\"z\"", page);
        Assert.Equal(6, Regex.Count(page, "<img src=\"data:image/gif"));
        Assert.DoesNotContain("QUJD", HtmlExporter.Export(new() { Cells = [cell] }));
    }

    [Fact]
    public void The_richest_form_of_an_output_is_shown()
    {
        (string, string)[] all = [("text/plain", "PLAIN"), ("image/png", "UE5H\n"), ("text/html", "<i>HTML</i>")];
        var page = Page(Code("1", Result(all)));
        Assert.Contains("<i>HTML</i>", page);
        Assert.DoesNotContain("PLAIN", page);
        page = Page(Code("1", Result(all[..2])));
        Assert.Contains("src=\"data:image/png;base64,UE5H\"", page);
        Assert.DoesNotContain("PLAIN", page);
        Assert.Contains("<pre>PLAIN</pre>", Page(Code("1", Result(all[..1]))));
        Assert.Contains("application/x: not shown", Page(Code("1", Result(("application/x", "1")))));
        var svg = Page(Code("1", Result(("image/svg+xml", "<svg onload=\"alert(1)\"/>"))));
        Assert.DoesNotContain("onload", svg);
        Assert.Contains("src=\"data:image/svg+xml;base64,", svg);
        Assert.DoesNotContain("\"><script", Page(Code("1", Result(("image/png", "\">" + Script)))));
    }

    [Theory]
    [InlineData("a\u001b[31mb\u001b[0mc", "a<span class=\"a1\">b</span>c")]
    [InlineData("\u001b[1;92mb", "<span class=\"a10 ab\">b</span>")]
    [InlineData("\u001b[1mx\u001b[22my", "<span class=\" ab\">x</span>y")]
    [InlineData("\u001b[31mx\u001b[39my\u001b[m", "<span class=\"a1\">x</span>y")]
    [InlineData("x\u001b[2Ky\u001b[1Az", "xyz")]
    [InlineData("10 %\r50 %\r100 %\nend\r\n", "100 %\nend\n")]
    [InlineData("<&>\"", "&lt;&amp;&gt;&quot;")]
    public void Terminal_text_becomes_spans(string text, string expected) => Assert.Equal(expected, AnsiHtml.Render(text));

    [Fact]
    public void Headings_make_the_title_and_the_contents()
    {
        var page = Page(Markdown("intro\n\n# Flat & dark"), Code("1"), Markdown("## Axis\n### Fine\n#### Deep\n# Flat & dark"));
        Assert.Contains("<title>Flat &amp; dark</title>", page);
        var links = Regex.Matches(page, "<li class=\"l(\\d)\"><a href=\"#([^\"]+)\">([^<]+)</a>");
        Assert.Equal(["1 Flat &amp; dark", "2 Axis", "3 Fine", "1 Flat &amp; dark"], links.Select(m => $"{m.Groups[1]} {m.Groups[3]}"));
        Assert.Equal(4, links.Select(m => m.Groups[2].Value).Distinct().Count());
        Assert.All(links, link => Assert.Single(Regex.Matches(page, $"id=\"{Regex.Escape(link.Groups[2].Value)}\"")));
        Assert.DoesNotContain("<nav>", Page(Markdown("# Only one")));
        Assert.Contains("<title>Notebook</title>", Page());
        Assert.Contains("<title>Mine</title>", HtmlExporter.Export(new(), new() { Title = "Mine" }));
    }

    [Fact]
    public void Code_is_colored_complete_and_foldable()
    {
        const string Source = "#!time\nvar a = \"s\"; // note\n  Math.Max(1.5, a.Length);\n/* open";
        var page = CodeHighlighter.Render(Source);
        Assert.Equal(Source, System.Net.WebUtility.HtmlDecode(Regex.Replace(page, "<[^>]+>", "")));
        Assert.Contains("<span class=\"m\">#!time</span>", page);
        Assert.Contains("<span class=\"k\">var</span>", page);
        Assert.Contains("<span class=\"s\">&quot;s&quot;</span>", page);
        Assert.Contains("<span class=\"n\">1.5</span>", page);
        Assert.Contains("<span class=\"c\">// note</span>", page);
        var document = new NotebookDocument { Cells = [Code("1")] };
        Assert.Contains("<details class=\"source\" open>", HtmlExporter.Export(document));
        Assert.Contains("<details class=\"source\"><summary>", HtmlExporter.Export(document, new() { FoldCode = true }));
    }

    [Fact]
    public void A_huge_stream_and_a_saved_page()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789<\n", 1 << 19));
        var document = new NotebookDocument { Cells = [Code("1", Stream("stdout", text))] };
        var path = _folder.File("out/page.html");
        HtmlExporter.Save(document, path);
        var page = File.ReadAllText(path);
        Assert.Equal(1 << 19, Regex.Count(page, "0123456789&lt;\n"));
        Assert.EndsWith("</html>\n", page);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.File("out")));
    }

    private static string Page(params NotebookCell[] cells) => HtmlExporter.Export(new NotebookDocument { Cells = cells });

    private static NotebookCell Markdown(string text) => new(NotebookCellKind.Markdown, text);

    private static NotebookCell Code(string text, params JsonObject[] outputs) =>
        new(NotebookCellKind.Code, text) { ExecutionCount = 1, Outputs = [.. outputs] };

    private static JsonObject Stream(string name, string text) =>
        new() { ["output_type"] = "stream", ["name"] = name, ["text"] = text };

    private static JsonObject Error(string text) =>
        new() { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = text, ["traceback"] = new JsonArray(text) };

    private static JsonObject Result(params (string Type, string Text)[] parts) => new()
    {
        ["output_type"] = "execute_result", ["execution_count"] = 1, ["metadata"] = new JsonObject(),
        ["data"] = new JsonObject(parts.Select(p => KeyValuePair.Create(p.Type, (JsonNode?)p.Text))),
    };

    [GeneratedRegex("alert")]
    private static partial Regex AlertText();
}
