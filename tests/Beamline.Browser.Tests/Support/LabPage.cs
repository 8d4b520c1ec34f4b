using System.Text.Json;
using Microsoft.Playwright;

namespace Beamline.Browser.Tests;

/// <summary>The page of the folder lab: JupyterLab's application with one notebook, and what it complained of.</summary>
internal sealed class LabPage
{
    // JupyterLab 4 asks who the user is; the server of Debian 12 is older than that question.
    private const string Known = "/api/me";
    private readonly string _address;

    public LabPage(IPage page, string address)
    {
        (Page, _address) = (page, address);
        page.SetDefaultTimeout(20_000);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Location.Contains(Known, StringComparison.Ordinal))
            {
                Errors.Add(message.Text);
            }
        };
        page.Dialog += (_, dialog) =>
        {
            Errors.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Errors { get; } = [];

    public string Origin => new Uri(_address).GetLeftPart(UriPartial.Authority);

    /// <summary>Loads the page.</summary>
    /// <param name="anywidget">As on a server that has the Python package anywidget in this version; null for none.</param>
    public async Task LoadAsync(string? anywidget = null)
    {
        await Page.GotoAsync(_address + (anywidget is null ? "" : $"&anywidget={anywidget}"));
        await Page.WaitForFunctionAsync("window.lab");
    }

    /// <summary>The notebook that was opened last with its kernel.</summary>
    public string Notebook { get; private set; } = "";

    /// <summary>Opens a notebook, or goes back to it, and waits for its kernel.</summary>
    public async Task OpenAsync(string notebook)
    {
        await Page.EvaluateAsync("path => lab.open(path)", notebook);
        Notebook = notebook;
    }

    /// <summary>Opens a notebook and starts no kernel for it.</summary>
    public async Task OpenStillAsync(string notebook) => await Page.EvaluateAsync("path => lab.open(path, null)", notebook);

    /// <summary>Runs a cell that must succeed.</summary>
    /// <returns>Its outputs.</returns>
    public async Task<ILocator> RunAsync(string code)
    {
        var ran = await Page.EvaluateAsync<JsonElement>("code => lab.run(code)", code);
        var outputs = Page.Locator($"[data-mark={ran.GetProperty("mark").GetString()}] .jp-Cell-outputWrapper");
        var well = ran.GetProperty("well").GetBoolean();
        Assert.True(well, well ? "" : await outputs.InnerTextAsync());
        return outputs;
    }

    /// <summary>The text that a cell shows as its last output.</summary>
    public async Task<string> TextAsync(string code) => (await (await RunAsync(code)).Locator(".jp-OutputArea-output").Last.InnerTextAsync()).Trim();
}
