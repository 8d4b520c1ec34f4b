using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>Markdown: what a reader sees, and that nothing in it can act in the program that shows it.</summary>
public sealed class MarkdownExporterTests
{
    [Fact]
    public void Code_text_streams_errors_and_pictures_are_there()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# Title\n\nText with `code <b>`."));
        var picture = Png.Gray(4, 4, (_, _) => 7);
        document.Cells.Add(Cell(
            "var x = 1;",
            new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "\u001b[31mred\u001b[0m ```` <b>\n" },
            Data(("image/png", picture), ("text/html", "<script>alert(1)</script>"), ("text/plain", "Image](x) 4 x 4")),
            Data(("text/html", "<b>1</b>"), ("text/plain", "1")),
            Data(("text/html", "<b>only</b>")),
            new JsonObject { ["output_type"] = "error", ["ename"] = "E", ["evalue"] = "bad", ["traceback"] = new JsonArray("E: bad", "line 1") }));
        var (text, images) = MarkdownExporter.Export(document, "a b_files");
        Assert.Equal("""
            # Title

            Text with `code <b>`.

            ```csharp
            var x = 1;
            ```

            `````text
            red ```` <b>
            `````

            ![Imagex 4 x 4](a%20b_files/cell-002-1.png)

            ```text
            1
            ```

            ```text
            [text/html: not shown in Markdown]
            ```

            ```text
            E: bad
            line 1
            ```

            """.ReplaceLineEndings("\n"), text);
        Assert.Equal(Convert.FromBase64String(picture), Assert.Single(images).Value);
        var (inlined, none) = MarkdownExporter.Export(document, "x", new MarkdownExportOptions { InlineImages = true });
        Assert.Contains($"(data:image/png;base64,{picture})", inlined);
        Assert.Empty(none);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>")]
    [InlineData("a <img src=x onerror=alert(1)> b", "a &lt;img src=x onerror=alert(1)> b")]
    [InlineData("<!-- c --> <?php ?>", "&lt;!-- c --> &lt;?php ?>")]
    [InlineData("[a](javascript:alert(1))", "[a](#)")]
    [InlineData("[a](JAVA\tscript:alert(1))", "[a](JAVA\tscript:alert(1))")]
    [InlineData("[a][b]\n\n[b]: javascript:alert(1)", "[a][b]\n\n[b]: #")]
    [InlineData("<javascript:alert(1)>", "")]
    [InlineData("<https://a.org/x>", "<https://a.org/x>")]
    [InlineData("![a](https://a.org/x.png)", "a")]
    [InlineData("![a](javascript:alert(1))", "a")]
    [InlineData("`<b>` 1 < 2", "`<b>` 1 < 2")]
    [InlineData("[![i](https://a.org/x.png)](https://a.org)", "[i](https://a.org)")]
    public void Html_and_links_to_scripts_in_text_do_nothing(string source, string expected) =>
        Assert.Equal(expected, SafeMarkdown.Render(source, (url, _) => url.StartsWith("data:", StringComparison.Ordinal) ? url : ""));

    [Fact]
    public void Markdown_of_outputs_is_made_safe_and_broken_pictures_are_told()
    {
        var document = new NotebookDocument();
        document.Cells.Add(Cell("1", Data(("text/markdown", "**b** <script>")), Data(("image/png", "%%%"))));
        var (text, images) = MarkdownExporter.Export(document, "f");
        Assert.Contains("**b** &lt;script>", text);
        Assert.Contains("[a picture that cannot be read]", text);
        Assert.Empty(images);
    }

    [Fact]
    public void Files_lie_beside_the_text()
    {
        using var folder = new TemporaryFolder();
        var document = new NotebookDocument();
        document.Cells.Add(Cell("1", Data(("image/svg+xml", "<svg/>"))));
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "![p](attachment:p.png) ![q](../secret.png)")
        {
            Attachments = new JsonObject { ["p.png"] = new JsonObject { ["image/png"] = Png.Gray(2, 2, (_, _) => 1) } },
        });
        MarkdownExporter.Save(document, folder.File("out/book.md"), new MarkdownExportOptions { Folder = folder.Path });
        var text = File.ReadAllText(folder.File("out/book.md"));
        Assert.Contains("(book_files/cell-001-1.svg)", text);
        Assert.Contains("(book_files/cell-002-1.png)", text);
        Assert.Equal("<svg/>", File.ReadAllText(folder.File("out/book_files/cell-001-1.svg")));
        Assert.DoesNotContain("secret", text);
    }

    private static NotebookCell Cell(string source, params JsonObject[] outputs) =>
        new(NotebookCellKind.Code, source) { Outputs = [.. outputs] };

    private static JsonObject Data(params (string Type, string Value)[] parts)
    {
        var data = new JsonObject();
        foreach (var (type, value) in parts)
        {
            data[type] = value;
        }

        return new JsonObject { ["output_type"] = "display_data", ["data"] = data, ["metadata"] = new JsonObject() };
    }
}
