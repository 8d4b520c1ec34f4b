using Beamline.Display;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Beamline.Browser.Tests;

/// <summary>Viewers in JupyterLab's notebook: exact values by the extension that is installed beside the kernel.</summary>
[Collection("Browser")]
public sealed class JupyterLabViewerTests(Chromium browser, Jupyter jupyter)
{
    // More than a preview shows: single voxels are only known to the kernel.
    private const string Volume = "var volume = new Volume(200, 200, 200); volume[100, 100, 100] = 1234; volume[101, 100, 100] = 77; volume";

    [Fact]
    public async Task Exact_values_come_from_the_kernel_of_the_notebook()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Volume);
        await Expect(cell.Locator(".d")).ToHaveTextAsync("live: exact values");
        await Expect(cell.Locator(".o b")).ToHaveTextAsync("1234");
        await cell.Locator("canvas[role=application]").First.PressAsync("PageDown");
        await Expect(cell.Locator(".o b")).ToHaveTextAsync("77");
        Assert.All(lab.Requests, r => Assert.True(r.StartsWith(lab.Origin, StringComparison.Ordinal) || r.StartsWith("data:", StringComparison.Ordinal) || r.StartsWith("blob:", StringComparison.Ordinal), r));
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task Outputs_that_are_cleared_or_replaced_leave_no_comm_in_the_kernel()
    {
        var lab = await jupyter.LabAsync(browser);
        for (var i = 0; i < 4; i++)
        {
            var cell = await lab.RunAsync(Volume);
            await Expect(cell.Locator(".d")).ToHaveTextAsync("live: exact values");
            await lab.Page.EvaluateAsync("lab.clear()");
        }

        var shown = await lab.RunAsync("var shown = display(volume);");
        await Expect(shown.Locator(".d")).ToHaveTextAsync("live: exact values");
        await lab.RunAsync("shown.Update(\"something else\");");
        await Expect(shown).ToContainTextAsync("something else");
        await lab.Page.WaitForFunctionAsync("async () => await lab.comms('beamline.viewer') === 0");
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task Without_the_extension_two_stock_widgets_are_a_line_to_the_kernel()
    {
        var lab = await jupyter.LabAsync(browser);
        await lab.Page.EvaluateAsync("(() => { window.kept = BeamlineViewer.transport; BeamlineViewer.transport = undefined; })()");
        await lab.RunAsync("ViewerLine.Open();");
        var cell = await lab.RunAsync(Volume);
        await Expect(cell.Locator(".d")).ToHaveTextAsync("live: exact values");
        await Expect(cell.Locator(".o b")).ToHaveTextAsync("1234");
        await cell.Locator("canvas[role=application]").First.PressAsync("PageDown");
        await Expect(cell.Locator(".o b")).ToHaveTextAsync("77");
        await lab.Page.EvaluateAsync("BeamlineViewer.transport = kept");
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_finds_exact_values_and_widgets_again()
    {
        var lab = await jupyter.LabAsync(browser);
        jupyter.Write("again.ipynb");
        await lab.OpenAsync("again.ipynb");
        await lab.RunAsync("using Beamline.Display.Widgets; var again = new IntSlider(6, 0, 10) { Description = \"again\" }; again");
        await lab.RunAsync(Volume);
        await lab.Page.EvaluateAsync("lab.save()");
        await lab.LoadAsync();
        await lab.OpenAsync("again.ipynb");
        await Expect(lab.Page.Locator(".d").Last).ToHaveTextAsync("live: exact values");
        await Expect(lab.Page.Locator(".o b").Last).ToHaveTextAsync("1234");
        var slider = lab.Page.Locator(".widget-hslider").Filter(new() { HasText = "again" });
        await Expect(slider.Locator(".widget-readout")).ToHaveTextAsync("6");
        await slider.Locator(".noUi-handle").PressAsync("ArrowRight");
        Assert.Equal("True", await lab.TextAsync("Console.Write(SpinWait.SpinUntil(() => again.Value == 7, 9000))"));
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task An_untrusted_output_is_a_picture_and_a_trusted_one_the_viewer()
    {
        var lab = await jupyter.LabAsync(browser);
        using var ball = Outputs.Ball(32);
        jupyter.Write("untrusted.ipynb", ball.View().Html + "<script>window.hit=1</script><img src=\"x\" onerror=\"window.hit=2\">");
        await lab.OpenStillAsync("untrusted.ipynb");
        var output = lab.Page.Locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output");
        await Expect(output.Locator("figure img")).ToBeVisibleAsync();
        Assert.True(await output.Locator("figure img").EvaluateAsync<bool>("async i => { await i.decode(); return i.naturalWidth > 100; }"));
        Assert.Equal(0, await output.Locator("[data-beamline-state], script").CountAsync());
        Assert.Null(await lab.Page.EvaluateAsync<int?>("window.hit ?? null"));
        lab.Errors.Clear();

        await lab.Page.EvaluateAsync("lab.trust()");
        await Expect(output.Locator("[data-beamline-state=ready]")).ToHaveCountAsync(1);
        await Expect(output.Locator(".d")).ToContainTextAsync("saved preview");
        Assert.NotNull(await lab.Page.EvaluateAsync<int?>("window.hit ?? null"));
        await lab.Page.EvaluateAsync("delete window.hit");
        await lab.OpenAsync(lab.Notebook);
        // The picture of the test that does not exist.
        lab.Errors.RemoveAll(e => e.Contains("404", StringComparison.Ordinal));
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task When_the_kernel_dies_the_viewer_goes_on_with_what_was_saved()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Volume);
        await Expect(cell.Locator(".d")).ToHaveTextAsync("live: exact values");
        await lab.Page.EvaluateAsync("code => void lab.run(code).catch(() => {})", "System.Diagnostics.Process.GetCurrentProcess().Kill();");
        // JupyterLab says that the kernel died and was started again.
        await lab.Page.Locator(".jp-Dialog button").First.ClickAsync();
        await Expect(cell.Locator(".d")).ToContainTextAsync("saved preview: the kernel has ended");
        await cell.Locator("canvas[role=application]").First.PressAsync("PageDown");
        // The next picture of the preview, which has every second one.
        await Expect(cell.Locator(".o")).ToContainTextAsync("z 102");
        await lab.Page.WaitForFunctionAsync("lab.panel.sessionContext.session.kernel.status === 'idle'");
        Assert.Equal("2", await lab.TextAsync("1 + 1"));

        // The new kernel closes the lines of viewers that the old one had; JupyterLab has forgotten them already, and says so.
        lab.Errors.RemoveAll(e => e.StartsWith("Comm not found", StringComparison.Ordinal));
        Assert.Empty(lab.Errors);
    }
}
