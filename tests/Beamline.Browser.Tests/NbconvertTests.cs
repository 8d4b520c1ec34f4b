using System.Text.Json.Nodes;
using Beamline.Display;

namespace Beamline.Browser.Tests;

/// <summary>A saved notebook as a page: with scripts the viewer is there, without them the picture.</summary>
public sealed class NbconvertTests(Chromium browser)
{
    private static readonly string Python = Environment.GetEnvironmentVariable("BEAMLINE_PYTHON") ??
        (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    [Fact]
    public async Task The_page_that_nbconvert_makes_shows_the_viewer_with_scripts_and_the_picture_without()
    {
        using var volume = Outputs.Ball(32);
        var file = await ConvertAsync(volume.View().Html, Outputs.Ramp().View().Html);
        var copy = Path.ChangeExtension(file, ".copy.html");
        File.Copy(file, copy);
        await using (var still = await browser.OpenFileAsync(file, scripts: false))
        {
            var pictures = still.Page.Locator("figure img");
            Assert.Equal(2, await pictures.CountAsync());
            Assert.All(await pictures.AllAsync(), p => Assert.True(p.IsVisibleAsync().Result));
        }

        await using var open = await browser.OpenFileAsync(copy);
        Assert.Equal(2, await open.Page.Locator("[data-beamline-state=ready]").CountAsync());
        using var pixels = await open.PixelsAsync(open.Pictures.First);
        Assert.True(pixels.GetPixel((int)(pixels.Width * 0.42), (int)(pixels.Height * 0.42)).Red > 200);
    }

    private static async Task<string> ConvertAsync(params string[] outputs)
    {
        var notebook = new JsonObject
        {
            ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject(),
            ["cells"] = new JsonArray([.. outputs.Select((html, i) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["id"] = $"c{i}", ["metadata"] = new JsonObject(), ["execution_count"] = 1, ["source"] = "volume",
                ["outputs"] = new JsonArray(new JsonObject
                {
                    ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = html, ["text/plain"] = "Volume" },
                }),
            })]),
        };
        var file = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.ipynb");
        await File.WriteAllTextAsync(file, notebook.ToJsonString());
        try
        {
            var (code, text) = await Tool.RunAsync(Path.GetTempPath(), Python, "-m", "nbconvert", "--to", "html", file);
            Assert.SkipWhen(code == -1 || text.Contains("No module named", StringComparison.Ordinal), "nbconvert was not found: sudo apt-get install python3-nbconvert");
            Assert.True(code == 0, text);
            return Path.ChangeExtension(file, ".html");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
