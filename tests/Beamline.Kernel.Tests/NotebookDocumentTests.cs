using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

public sealed class NotebookDocumentTests : IDisposable
{
    private const string Notebook = """
        { "nbformat": 4, "nbformat_minor": MINOR,
          "metadata": { "kernelspec": { "name": "beamline", "display_name": "C#", "language": "C#" }, "lab": { "deep": [1, null] } },
          "cells": [
            { "cell_type": "markdown", "metadata": { "slide": true }, "source": ["# Räntgen\n", "![a](attachment:a.png)"],
              "attachments": { "a.png": { "image/png": "QUJD" } } },
            { "cell_type": "raw", "metadata": {}, "source": "as <is>" },
            { "cell_type": "code", "execution_count": 3, "metadata": { "tags": ["parameters", 7] }, "source": ["var x = 1;\r\n", "x"],
              "outputs": [
                { "output_type": "stream", "name": "stdout", "text": ["a\n", "b"] },
                { "output_type": "execute_result", "execution_count": 3, "metadata": {}, 
                  "data": { "text/plain": ["1"], "image/png": "QUJD", "application/vnd.x+json": ["a", "b"], "text/html": "<b>\n1" } },
                { "output_type": "display_data", "metadata": { "image/png": { "width": 4 } }, "data": { "application/json": { "a": [1] } } },
                { "output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t1", "t2"] } ] }
          ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void All_minor_versions_are_read(int minor)
    {
        var document = NotebookDocument.Parse(Notebook.Replace("MINOR", $"{minor}", StringComparison.Ordinal));
        Assert.Equal(
            [NotebookCellKind.Markdown, NotebookCellKind.Raw, NotebookCellKind.Code], document.Cells.Select(c => c.Kind));
        Assert.Equal("# Räntgen\n![a](attachment:a.png)", document.Cells[0].Source);
        Assert.Equal("var x = 1;\nx", document.Cells[2].Source);
        Assert.Equal((3, "C#", "Räntgen"), (document.Cells[2].ExecutionCount, document.Language, document.Title));
        Assert.Equal(["parameters"], document.Cells[2].Tags);
        Assert.Equal("a\nb", (string?)document.Cells[2].Outputs[0]!["text"]);
        Assert.Equal("1", (string?)document.Cells[2].Outputs[1]!["data"]!["text/plain"]);
    }

    [Fact]
    public async Task Saving_keeps_everything_and_is_valid()
    {
        var path = _folder.File("sub/new/book.ipynb");
        NotebookDocument.Parse(Notebook.Replace("MINOR", "4", StringComparison.Ordinal)).Save(path);
        var saved = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var original = JsonNode.Parse(Notebook.Replace("MINOR", "4", StringComparison.Ordinal))!;
        Assert.Equal((4, 5), ((int)saved["nbformat"]!, (int)saved["nbformat_minor"]!));
        Assert.True(JsonNode.DeepEquals(saved["metadata"], original["metadata"]));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(JsonNode.DeepEquals(saved["cells"]![i]!["metadata"], original["cells"]![i]!["metadata"]));
        }

        Assert.True(JsonNode.DeepEquals(saved["cells"]![0]!["attachments"], original["cells"]![0]!["attachments"]));
        Assert.Equal("[\"as <is>\"]", saved["cells"]![1]!["source"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var outputs = saved["cells"]![2]!["outputs"]!;
        Assert.True(JsonNode.DeepEquals(outputs[0]!["text"], new JsonArray("a\n", "b")));
        var data = outputs[1]!["data"]!;
        Assert.True(JsonNode.DeepEquals(data["application/vnd.x+json"], new JsonArray("a", "b")));
        Assert.True(JsonNode.DeepEquals(data["text/html"], new JsonArray("<b>\n", "1")));
        Assert.Equal("QUJD", (string?)data["image/png"]);
        Assert.True(JsonNode.DeepEquals(outputs[2], original["cells"]![2]!["outputs"]![2]));
        Assert.True(JsonNode.DeepEquals(outputs[3], original["cells"]![2]!["outputs"]![3]));
        Assert.Contains("Räntgen", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));

        var again = NotebookDocument.Load(path).ToJson();
        Assert.Equal(await File.ReadAllTextAsync(path), again);

        // The tag 7 is no valid tag: all else must be.
        var valid = NotebookDocument.Load(path);
        valid.Cells[2].Metadata["tags"] = new JsonArray("parameters");
        valid.Save(path);
        await JupyterPython.ValidateAsync(path);
    }

    [Fact]
    public void Cells_get_ids_that_are_unique_and_stay()
    {
        var document = new NotebookDocument();
        foreach (var id in (string?[])[null, "same", "same", "not valid!", "", null])
        {
            document.Cells.Add(new NotebookCell(NotebookCellKind.Code, "1") { Id = id });
        }

        document.ToJson();
        var ids = document.Cells.Select(c => c.Id).ToArray();
        Assert.Equal("same", ids[1]);
        Assert.Equal(6, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", id));
        Assert.Equal(document.ToJson(), NotebookDocument.Parse(document.ToJson()).ToJson());
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{\n\"cells\": [", "not JSON (line 2")]
    [InlineData("[1]", "no object")]
    [InlineData("null", "no object")]
    [InlineData("{}", "no nbformat number")]
    [InlineData("{\"nbformat\":\"4\",\"cells\":[]}", "no nbformat number")]
    [InlineData("{\"nbformat\":3,\"worksheets\":[]}", "jupyter nbconvert --to notebook --nbformat 4 scan.ipynb")]
    [InlineData("{\"nbformat\":5,\"cells\":[]}", "newer than this program knows")]
    [InlineData("{\"nbformat\":4}", "no list of cells")]
    [InlineData("{\"nbformat\":4,\"cells\":{}}", "no list of cells")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"raw\",\"source\":\"\"},3]}", "cell 2 is no object")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"heading\"}]}", "cell 1 is of type 'heading'")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":{}}]}", "not a valid notebook")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":[1]}]}", "not a valid notebook")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":5,\"source\":\"\"}]}", "not a valid notebook")]
    [InlineData("{\"nbformat\":4,\"nbformat\":4,\"cells\":[]}", "not a valid notebook")]
    public void What_is_no_notebook_says_why(string text, string expected)
    {
        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(text, "scan.ipynb"));
        Assert.StartsWith("scan.ipynb", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Another_language_is_named()
    {
        const string Text = """{"nbformat":4,"cells":[],"metadata":{"kernelspec":{"language":"python","display_name":"Python 3"}}}""";
        var error = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(Text).EnsureCSharp("a.ipynb"));
        Assert.Contains("a.ipynb is a notebook in python, not C#", error.Message);
        Assert.Contains("Python 3", error.Message);
        new NotebookDocument().EnsureCSharp("b.ipynb");
        NotebookDocument.Parse(Text.Replace("python", "C#", StringComparison.Ordinal)).EnsureCSharp("c.ipynb");
    }

    [Fact]
    public void A_save_that_fails_leaves_no_trace()
    {
        // A folder of that name cannot be replaced by a file.
        var path = _folder.File("taken.ipynb");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => new NotebookDocument().Save(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));

        // Text that is no text cannot be written as UTF-8 JSON: the old file stays.
        var old = _folder.Write("old.ipynb", "old");
        var broken = new NotebookDocument { Metadata = new JsonObject { ["a"] = JsonValue.Create(double.NaN) } };
        Assert.ThrowsAny<Exception>(() => broken.Save(old));
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }
}
