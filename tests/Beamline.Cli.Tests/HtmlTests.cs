using System.Text.RegularExpressions;

namespace Beamline.Cli.Tests;

/// <summary>The page of an executed notebook needs no other file and no network.</summary>
public sealed partial class HtmlTests
{
    [Fact]
    public void A_page_is_written_from_another_folder_and_stands_alone()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["books"]);
        Directory.CreateDirectory(folder["desk"]);
        var notebook = TestNotebook.Json(
            "", "var picture = new Image(8, 12, [.. Enumerable.Range(0, 96).Select(i => (float)i)]);\npicture", "Plot.Histogram(picture, bins: 10)",
            "Console.WriteLine(Path.GetFileName(Directory.GetCurrentDirectory()) + \" <b>&\");");
        var text = TestNotebook.CellOf(notebook, 0);
        text["cell_type"] = "markdown";
        text.Remove("outputs");
        text.Remove("execution_count");
        text["source"] = "# A *title*\n\nA [link](https://example.org/a) and ![a picture](https://example.org/p.png) and <script>alert(1)</script>.";
        File.WriteAllText(folder["books/a.ipynb"], notebook.ToJsonString());

        Child.Run(folder["desk"], "run", "../books/a.ipynb", "-o", "done.ipynb", "--html", "pages/a.html").ExitedWith(0).SaysInErrors("wrote pages/a.html");

        Assert.Equal(["a.ipynb"], TestFolder.NamesIn(folder["books"]));
        Assert.Equal(["done.ipynb", "pages"], TestFolder.NamesIn(folder["desk"]));
        Assert.Equal(["a.html"], TestFolder.NamesIn(folder["desk/pages"]));
        var page = File.ReadAllText(folder["desk/pages/a.html"]);
        foreach (Match loaded in Loads().Matches(page))
        {
            Assert.True(loaded.Groups["at"].Value.StartsWith("data:", StringComparison.Ordinal), loaded.Value[..Math.Min(200, loaded.Value.Length)]);
        }

        Assert.NotEmpty(Loads().Matches(page));
        Assert.Empty(Stylesheets().Matches(page));
        // What a reader may click is the only place for an address.
        Assert.All(Addresses().Matches(page), m => Assert.StartsWith("<a href=", m.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("books &lt;b&gt;&amp;", page, StringComparison.Ordinal);
        Assert.Matches("<title>A title</title>", page);
    }

    [Fact]
    public void A_page_that_cannot_be_written_does_not_lose_the_notebook()
    {
        using var folder = new TestFolder();
        TestNotebook.Write(folder["a.ipynb"], "1 + 1");
        Directory.CreateDirectory(folder["page.html"]);
        Child.Run(folder.Root, "run", "a.ipynb", "--html", "page.html").ExitedWith(2).SaysInErrors("the page could not be written", "page.html");
        Assert.Equal(["a.executed.ipynb", "a.ipynb", "page.html"], folder.Names);
        Assert.Empty(TestFolder.NamesIn(folder["page.html"]));
    }

    [GeneratedRegex("<[a-z][^>]*?\\s(src|poster|data|srcset)\\s*=\\s*[\"']?(?<at>[^\"'\\s>]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();

    [GeneratedRegex("<link\\b|@import|(?<![a-z])url\\(\\s*[\"']?(?!data:|#)", RegexOptions.IgnoreCase)]
    private static partial Regex Stylesheets();

    [GeneratedRegex("<[a-z][^>]*https?://[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses();
}
