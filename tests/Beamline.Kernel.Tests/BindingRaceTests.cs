namespace Beamline.Kernel.Tests;

public sealed class BindingRaceTests
{
    [Fact]
    public async Task Warm_up_probes_and_cells_at_once_never_make_functions_ambiguous()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var kernel = new TestKernel();
            var session = kernel.Kernel.Session;
            var assistant = new LightAssistant(kernel.Kernel);
            using var stop = new CancellationTokenSource();
            var warm = Task.Run(() => session.WarmUpAsync(CancellationToken.None));
            var typing = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    assistant.Complete("displ", 5);
                    assistant.Inspect("display", 2);
                }
            });
            Assert.Equal("2", await kernel.TextAsync("1+1"));
            Assert.Equal("d", await kernel.TextAsync("display(\"d\")"));
            Assert.Equal("3", await kernel.TextAsync("new[]{1,2}.Sum()"));
            await warm;
            await stop.CancelAsync();
            await typing;
            Assert.Equal("e", await kernel.TextAsync("display(\"e\")"));
        }
    }
}
