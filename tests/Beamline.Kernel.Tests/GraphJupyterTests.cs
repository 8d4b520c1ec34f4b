namespace Beamline.Kernel.Tests;

/// <summary>The ids of cells come over the wire.</summary>
public sealed class GraphJupyterTests
{
    [Fact]
    public async Task Cells_are_known_by_the_id_that_the_front_end_sends()
    {
        using var python = await JupyterPython.WithAsync("jupyter_client");
        await python.TestAsync("graph_test.py", tests: 2);
    }
}
