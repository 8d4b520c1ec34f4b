using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

public sealed class ScriptExporterTests
{
    [Fact]
    public void Cells_are_marked_and_what_is_no_code_is_in_comments()
    {
        var document = new NotebookDocument();
        document.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# T\n\nmore */ text"));
        document.Cells.Add(new NotebookCell(NotebookCellKind.Code, "#!time\nvar s = @\"\n#!no magic\";")
        {
            Metadata = new JsonObject { ["tags"] = new JsonArray("parameters") },
        });
        document.Cells.Add(new NotebookCell(NotebookCellKind.Raw, "raw"));
        Assert.Equal(
            "// %% [markdown]\n// # T\n//\n// more */ text\n\n// %% tags=[\"parameters\"]\n// #!time\nvar s = @\"\n#!no magic\";\n\n// %% [raw]\n// raw\n",
            ScriptExporter.Export(document));
    }
}
