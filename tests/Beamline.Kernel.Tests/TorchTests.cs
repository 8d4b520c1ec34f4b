namespace Beamline.Kernel.Tests;

/// <summary>TorchSharp 0.107, whose native part was built for a newer C++ runtime than Debian 12 has.</summary>
public sealed class TorchTests
{
    private const string Code = """
        #r "nuget: TorchSharp, 0.107.0"
        #r "nuget: libtorch-cpu-linux-x64, 2.10.0"
        using TorchSharp;
        var a = torch.arange(6, torch.float32).reshape(2, 3);
        torch.linalg.norm(a.matmul(a.t())).item<float>()
        """;

    // a a^T = [[5, 14], [14, 50]]: the root of 25 + 2 * 196 + 2500.
    private static readonly double Expected = Math.Sqrt(2917);

    [Fact]
    public async Task It_computes_in_this_test_host()
    {
        RequireTorch();
        using var folder = new TemporaryFolder();
        using var kernel = new TestKernel();
        kernel.Kernel.Packages.NotebookFolder = folder.Path;
        Assert.Equal(Expected, double.Parse((await kernel.TextAsync(Code))!), 1e-4);
    }

    [Fact]
    public async Task It_computes_in_a_run_from_the_console()
    {
        RequireTorch();
        using var folder = new TemporaryFolder();
        var (path, output) = (Notebook(folder), folder.File("out.ipynb"));
        await TestHost.RunAsync(path, output);
        Check(output);
    }

    [Fact]
    public async Task It_computes_in_the_kernel_under_Jupyter()
    {
        RequireTorch();
        using var python = await JupyterPython.WithAsync("nbconvert", "nbclient");
        using var folder = new TemporaryFolder();
        var path = Notebook(folder);
        var (code, text) = await python.RunAsync("-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", "--ExecutePreprocessor.timeout=600", path);
        Assert.True(code == 0, text);
        Check(path);
    }

    private static string Notebook(TemporaryFolder folder)
    {
        var notebook = new NotebookDocument();
        notebook.Cells.Add(new NotebookCell(NotebookCellKind.Code, Code));
        KernelMetadata.Complete(notebook);
        notebook.Save(folder.File("torch.ipynb"));
        return folder.File("torch.ipynb");
    }

    private static void Check(string path) =>
        Assert.Equal(Expected, double.Parse(RunnerFixture.Text(NotebookDocument.Load(path).Cells[0])!), 1e-4);

    private static void RequireTorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture ==
            System.Runtime.InteropServices.Architecture.X64, "The package is of Linux on x64.");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("BEAMLINE_TEST_TORCH") == "1" ||
            (PackageFolder.Versions("TorchSharp").Contains("0.107.0") && PackageFolder.Versions("libtorch-cpu-linux-x64").Contains("2.10.0")),
            "TorchSharp is not on this machine (0.5 GB); BEAMLINE_TEST_TORCH=1 loads it.");
    }
}
