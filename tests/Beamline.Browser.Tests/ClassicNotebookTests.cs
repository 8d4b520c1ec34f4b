using static Microsoft.Playwright.Assertions;

namespace Beamline.Browser.Tests;

/// <summary>The classic Notebook (6.4) of Debian, as it is, with the kernel.</summary>
[Collection("Browser")]
public sealed class ClassicNotebookTests(Chromium browser, Jupyter jupyter)
{
    [Fact]
    public async Task A_viewer_shows_exact_slices_and_a_widget_is_shown_as_a_still_picture()
    {
        jupyter.Write("classic.ipynb");
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(await jupyter.ClassicAsync("classic.ipynb"));
        await page.WaitForFunctionAsync("window.Jupyter?.notebook?.kernel?.is_connected() && Jupyter.notebook.kernel.info_reply.implementation");
        await RunAsync("var volume = new Volume(200, 200, 200); volume[100, 100, 100] = 1234; volume[101, 100, 100] = 77; volume");
        await Expect(page.Locator(".d")).ToHaveTextAsync("live: exact values");
        await Expect(page.Locator(".o b")).ToHaveTextAsync("1234");
        await page.Locator("canvas[role=application]").First.PressAsync("PageDown");
        await Expect(page.Locator(".o b")).ToHaveTextAsync("77");

        // No widget manager is installed here, and that of Debian 12 is older than protocol 2: the state as HTML is what can be seen.
        await RunAsync("using Beamline.Display.Widgets; var angle = new IntSlider(3, 0, 10) { Description = \"angle <b>\" }; angle");
        await Expect(page.Locator(".output_area").Last).ToContainTextAsync("angle <b>");
        Assert.Empty(errors);
        await page.CloseAsync();

        Task RunAsync(string code) => page.EvaluateAsync(
            "code => { const cell = Jupyter.notebook.insert_cell_at_bottom('code'); cell.set_text(code); cell.execute(); }", code);
    }
}
