using Beamline.Arrays;
using Beamline.Display;

namespace Beamline.Browser.Tests;

/// <summary>What changes by itself: a series that plays and two images that flicker.</summary>
public sealed class ViewerTimeTests(Chromium browser)
{
    private const string Middle = "(() => { const c = document.querySelector('[data-beamline-viewer] > div').shadowRoot.querySelector('canvas[role=application]'); return c.getContext('2d').getImageData(c.width / 2 | 0, c.height / 3 | 0, 1, 1).data[0]; })()";

    [Fact]
    public async Task A_series_plays_from_image_to_image_begins_anew_and_stops()
    {
        var images = Enumerable.Range(0, 3).Select(i => Flat(i)).ToArray();
        await using var open = await browser.OpenAsync(images.ViewSeries(new() { Window = ValueWindow.Values(0, 2) }).Html);
        var play = open.Page.GetByLabel("Play image");
        await play.ClickAsync();
        Assert.Equal("true", await play.GetAttributeAsync("aria-pressed"));
        foreach (var gray in new[] { 128, 255, 0, 128 })
        {
            await open.Page.WaitForFunctionAsync($"Math.abs({Middle} - {gray}) < 3");
        }

        await play.ClickAsync();
        Assert.Equal("false", await play.GetAttributeAsync("aria-pressed"));
        await open.SettleAsync();
        var stopped = await open.Page.Locator("output").TextContentAsync();
        // Longer than the time of three images.
        await Task.Delay(350);
        Assert.Equal(stopped, await open.Page.Locator("output").TextContentAsync());
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task Compared_images_flicker_with_their_names_until_another_way_is_chosen()
    {
        await using var open = await browser.OpenAsync(Flat(0).Compare(Flat(1), new() { Window = ValueWindow.Values(0, 1) }, "before", "after").Html);
        var list = open.Page.GetByLabel("Compare");
        await list.SelectOptionAsync("flicker");
        foreach (var gray in new[] { 255, 0, 255 })
        {
            await open.Page.WaitForFunctionAsync($"{Middle} === {gray}");
        }

        await list.SelectOptionAsync("first");
        await open.SettleAsync();
        Assert.Equal(0, await open.Page.EvaluateAsync<int>(Middle));
        await Task.Delay(700);
        Assert.Equal(0, await open.Page.EvaluateAsync<int>(Middle));
    }

    private static Image Flat(float value)
    {
        var image = new Image(20, 30);
        image.Values.Fill(value);
        // A range: values that are all equal have none.
        (image[0, 0], image[0, 1]) = (0, 2);
        return image;
    }
}
