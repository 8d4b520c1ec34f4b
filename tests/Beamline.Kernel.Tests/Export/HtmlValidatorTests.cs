using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>Pages of every kind of cell and output hold against the W3C's validator; outputs' own HTML is theirs to keep valid.</summary>
public sealed class HtmlValidatorTests
{
    [Fact]
    public Task A_page_of_everything_is_valid()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown,
            "# A \"title\" <b>&\n\n## Same\n\n## Same\n\n| a | b |\n|---|---|\n| `x` | <i>y</i> |\n\n- [ ] task\n- [x] done\n\nText[^1] ![p](none.png) <script>alert(1)</script>\n\n[^1]: A note.\n\n[l](<a b\"c>) http://a.org/?a=1&b=2 <https://a.org>\n\n```csharp\nvar x = \"<\";\n```"));
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "## Same\n\nText[^1] <!-- c -->\n\n[^1]: Another note.\n\n### Deep\n\n1. a\n   - b"));
        document.Cells.Add(new NotebookCell(NotebookCellKind.Raw, "<raw>&"));
        document.Cells.Add(new NotebookCell(NotebookCellKind.Code, "#!magic <x>\nvar a = @\"<&>\"; // <c>\n\n#if NO\n<x>\n#endif")
        {
            ExecutionCount = 3,
            Outputs =
            [
                new JsonObject { ["output_type"] = "stream", ["name"] = "stderr", ["text"] = "\u001b[1;31m<red>\u001b[0m & \u0001 \ufffe plain\n" },
                Data("image/png", Png.Gray(2, 2, (_, _) => 1)), Data("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
                Data("text/markdown", "# Title\n\n## Title\n\n*m* <b>"), Data("text/markdown", "# Title"), Data("text/plain", "<p> \"q\""),
                Data("application/x", "<x>"), Data("text/html", "<table><tr><td>1</td></tr></table>"),
                new JsonObject { ["output_type"] = "error", ["ename"] = "E<x>", ["evalue"] = "&", ["traceback"] = new JsonArray("<a>", "b") },
            ],
        });
        return HtmlValidator.CheckAsync(HtmlExporter.Export(document));
    }

    private static JsonObject Data(string type, string value) => new()
    {
        ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = value }, ["metadata"] = new JsonObject(),
    };
}
