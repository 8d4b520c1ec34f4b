namespace Beamline.Kernel.Tests;

/// <summary>The kernel as real Jupyter programs start and use it; what they check is in python/*.py.</summary>
public sealed class JupyterTests
{
    [Fact]
    public async Task Execute_requests_through_jupyter_client()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("execute_test.py", tests: 12);
    }

    [Fact]
    public async Task Other_requests_input_interrupts_and_shutdown_through_jupyter_client()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("requests_test.py", tests: 17);
    }

    [Fact]
    public async Task The_first_cells_of_fresh_kernels_are_never_ambiguous()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("start_race_test.py", tests: 1);
    }

    [Fact]
    public async Task The_suite_of_Jupyter_for_kernels_passes()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client", "jupyter_kernel_test");
        await python.TestAsync("conformance_test.py", tests: 12, skipped: 1);
    }

    [Fact]
    public async Task Signals_restarts_history_and_a_kernel_started_by_hand()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("lifetime_test.py", tests: 4);
    }

    [Fact]
    public async Task Jupyter_console_in_a_terminal()
    {
        using var python = await JupyterPython.WithAsync("jupyter_console");
        JupyterPython.RequireProgram("tmux");
        await python.TestAsync("console_test.py", tests: 1);
    }

    [Fact]
    public async Task Classic_Notebook_in_Chromium()
    {
        using var python = await JupyterPython.WithAsync("notebook", "selenium");
        JupyterPython.RequireProgram("chromium");
        JupyterPython.RequireProgram("chromedriver");
        await python.TestAsync("notebook_test.py", tests: 1);
    }

    [Fact]
    public async Task Nbclient_runs_notebooks()
    {
        using var python = await JupyterPython.WithAsync("nbclient", "nbformat");
        await python.TestAsync("nbclient_test.py", tests: 3);
    }

    [Fact]
    public async Task Nbconvert_executes_a_notebook_to_html()
    {
        using var python = await JupyterPython.WithAsync("nbconvert", "nbclient");
        var notebook = new NotebookDocument();
        notebook.Cells.Add(new NotebookCell(NotebookCellKind.Markdown, "# Scan 17"));
        notebook.Cells.Add(new NotebookCell(NotebookCellKind.Code, "var width = 640;"));
        notebook.Cells.Add(new NotebookCell(NotebookCellKind.Code, "Console.WriteLine(\"<wide>\"); width * 2"));
        KernelMetadata.Complete(notebook);
        var path = Path.Combine(python.Folder, "scan.ipynb");
        notebook.Save(path);
        var (code, text) = await python.RunAsync("-m", "nbconvert", "--execute", "--to", "html", path);
        Assert.True(code == 0, text);
        var page = await File.ReadAllTextAsync(Path.Combine(python.Folder, "scan.html"));
        Assert.Contains("Scan 17", page);
        Assert.Contains("&lt;wide&gt;", page);
        Assert.Contains("<pre>1280</pre>", page);
    }

    [Fact]
    public async Task Jupyter_lists_the_installed_kernel()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        var (code, text) = await python.RunAsync("-m", "jupyter_client.kernelspecapp", "list");
        Assert.True(code == 0, text);
        Assert.Contains(python.KernelSpecFolder, text);
    }
}
