using Beamline.Kernel;

namespace Beamline.Extension.Tests;

/// <summary>Code that is compiled before it is asked for gives what it would have given otherwise.</summary>
public sealed class PreparedCodeTests : IDisposable
{
    private readonly NotebookKernel _kernel = new([]);

    private CSharpSession Session => _kernel.Session;

    public void Dispose() => _kernel.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_used_for_the_same_code(bool isFirst)
    {
        if (!isFirst)
        {
            await RunAsync("int a = 1;");
        }

        Session.Prepare("int b = 2; b", "x");
        Assert.Equal(2, await RunAsync("int b = 2; b"));
        Assert.Equal(2, Session.FindVariable("b")!.Value);
        Assert.Equal(3, await RunAsync("b + 1"));
    }

    [Fact]
    public async Task It_is_not_used_after_something_else_ran()
    {
        await RunAsync("int a = 1;");
        Session.Prepare("a + 1", "x");
        await RunAsync("string a = \"text\";");
        Assert.Equal("text1", await RunAsync("a + 1"));
    }

    [Fact]
    public async Task What_does_not_compile_is_told_when_it_is_run()
    {
        await RunAsync("int a = 1;");
        Session.Prepare("int b = nothing;", "x");
        var outcome = await Session.RunAsync("int b = nothing;", "x", "int b = nothing;", default);
        Assert.Contains("nothing", Assert.Single(outcome.Errors).Message, StringComparison.Ordinal);
        Session.Prepare("a + 4", "x");
        Assert.Equal(5, await RunAsync("a + 4"));
    }

    private async Task<object?> RunAsync(string code)
    {
        var outcome = await Session.RunAsync(code, "x", code, default);
        Assert.Empty(outcome.Errors);
        return outcome.Value;
    }
}
