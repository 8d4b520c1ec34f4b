using Beamline.Display;
using Microsoft.Playwright;

namespace Beamline.Browser.Tests;

/// <summary>Light or dark as the front end is, also when that changes while the viewer is open.</summary>
public sealed class ThemeTests(Chromium browser)
{
    private const string IsDark = "document.querySelector('[data-beamline-viewer] > div').shadowRoot.querySelector('.v').classList.contains('dark')";

    // What front ends do: an attribute or class of the body, and colors that depend on it.
    public static TheoryData<string, string, string> FrontEnds => new()
    {
        {
            "<style>[data-jp-theme-light=true]{--c:#fff}[data-jp-theme-light=false]{--c:#111}.jp-NotebookPanel{background:var(--c)}</style><body data-jp-theme-light=\"true\"><div class=\"jp-NotebookPanel\">",
            "document.body.dataset.jpThemeLight = 'false'", "document.body.dataset.jpThemeLight = 'true'"
        },
        { "<body class=\"vscode-light\">", "document.body.className = 'vscode-dark'", "document.body.className = 'vscode-light'" },
        { "<body class=\"vscode-light\">", "document.body.className = 'vscode-high-contrast'", "document.body.className = 'vscode-high-contrast-light vscode-high-contrast'" },
    };

    [Theory, MemberData(nameof(FrontEnds))]
    public async Task A_switch_of_the_front_end_is_followed(string bodyTag, string toDark, string toLight)
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html, bodyTag: bodyTag);
        Assert.False(await open.Page.EvaluateAsync<bool>(IsDark));
        await open.Page.EvaluateAsync(toDark);
        await open.Page.WaitForFunctionAsync(IsDark);
        await open.Page.EvaluateAsync(toLight);
        await open.Page.WaitForFunctionAsync($"!({IsDark})");
    }

    [Fact]
    public async Task A_page_for_both_schemes_follows_the_system()
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html, bodyTag: "<style>:root{color-scheme:light dark}</style><body>");
        Assert.False(await open.Page.EvaluateAsync<bool>(IsDark));
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await open.Page.WaitForFunctionAsync(IsDark);
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await open.Page.WaitForFunctionAsync($"!({IsDark})");
    }
}
