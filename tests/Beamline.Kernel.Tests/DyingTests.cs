namespace Beamline.Kernel.Tests;

/// <summary>Code that ends other processes: what it may cost here is in python/dying_test.py.</summary>
public class DyingTests
{
    [Fact]
    public async Task Dying_code_through_jupyter_client()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("dying_test.py", tests: 11);
    }
}
