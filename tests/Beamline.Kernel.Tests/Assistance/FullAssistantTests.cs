namespace Beamline.Kernel.Tests;

public sealed class FullAssistantTests : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(2);

    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task The_second_tier_sees_the_cells_and_adds_to_the_first()
    {
        await _kernel.TextAsync("var firstCell = new List<int>();");
        var light = new LightAssistant(_kernel.Kernel);
        using var full = new FullAssistant(_kernel.Kernel, light, Patient);
        await full.Ready.WaitAsync(Patient);
        await _kernel.TextAsync("record Options(int Width); var secondCell = firstCell.Select(x => new Options(x));");
        List<string> Texts(string marked) => [.. AssistantFixture.Ask(marked, full.Complete).Items.Select(i => i.Text)];
        Assert.Contains("Width", Texts("secondCell.First().Wi|"));

        // Only the features know that a preprocessor-free modifier may stand here.
        var tier = new FeaturesTier(_kernel.Kernel.Session);
        var found = await tier.CompleteAsync("secondCell.First().Wi", 21, default);
        Assert.Contains(found!.Items, i => i is { Text: "Width", Kind: "property" });
        Assert.Equal((19, 21), (found.Start, found.End));
        found = await tier.CompleteAsync("class A { public voi", 20, default);
        Assert.Contains(found!.Items, i => i is { Text: "void", Kind: "keyword" });
        Assert.Empty(Texts("// Con|"));
        Assert.Contains("#!time", Texts("#!ti|"));
        Assert.Null(full.LastFailure);
    }

    [Theory]
    [InlineData("fo|", "for (var i = 0; i < count; i++)\n{\n    \n}", true)]
    [InlineData("if (x)\n{\n    fore|", "foreach (var item in items)\n    {\n        \n    }", true)]
    [InlineData("class A { pro|", "public int Name { get; set; }", true)]
    [InlineData("rec|", "record Name(int Value);", true)]
    [InlineData("var a = 1; tr|", "try\n{\n    \n}\nfinally\n{\n    \n}", true)]
    [InlineData("f|", "for (var i = 0; i < count; i++)\n{\n    \n}", false)]
    [InlineData("var x = fo|", "for (var i = 0; i < count; i++)\n{\n    \n}", false)]
    [InlineData("new P { fo|", "for (var i = 0; i < count; i++)\n{\n    \n}", false)]
    [InlineData("pro|", "public int Name { get; set; }", false)]
    [InlineData("// fo|", "for (var i = 0; i < count; i++)\n{\n    \n}", false)]
    public void Snippets_stand_where_statements_and_members_start(string marked, string text, bool isOffered)
    {
        using var full = new FullAssistant(_kernel.Kernel, new LightAssistant(_kernel.Kernel), TimeSpan.Zero)
        {
            Make = _ => throw new InvalidOperationException("not here"),
        };
        var answer = AssistantFixture.Ask(marked, full.Complete);
        Assert.Equal(isOffered, answer.Items.Any(i => i.Kind == "snippet" && i.Text == text));
        Assert.DoesNotContain(AssistantFixture.Ask(marked, new LightAssistant(_kernel.Kernel).Complete).Items, i => i.Kind == "snippet");
    }

    [Fact]
    public async Task Many_cells_and_a_cut_chain_keep_the_newest()
    {
        using var tier = new FeaturesTier(_kernel.Kernel.Session);
        Assert.NotNull(await tier.CompleteAsync("Cons", 4, default));
        for (var i = 0; i < 210; i++)
        {
            await _kernel.TextAsync($"var cell{i} = {i};");
        }

        var found = await tier.CompleteAsync("cell20", 6, default);
        Assert.Contains(found!.Items, i => i.Text == "cell209");
        await _kernel.TextAsync("var oneMore = 1;");
        found = await tier.CompleteAsync("oneM", 4, default);
        Assert.Contains(found!.Items, i => i.Text == "oneMore");
        Assert.Contains(new LightAssistant(_kernel.Kernel).Complete("cell", 4).Items, i => i.Text == "cell0");
    }

    [Fact]
    public async Task Before_it_is_ready_when_it_throws_and_when_it_is_slow_the_light_answer_is_given()
    {
        await _kernel.TextAsync("var firstCell = 1;");
        var light = new LightAssistant(_kernel.Kernel);
        var gate = new TaskCompletionSource();
        using (var waiting = new FullAssistant(_kernel.Kernel, light, Patient) { Make = k => new Odd(k.Session, () => gate.Task) })
        {
            Assert.Contains(waiting.Complete("firstC", 6).Items, i => i.Text == "firstCell");
            gate.SetResult();
            await waiting.Ready;
        }

        using (var failing = new FullAssistant(_kernel.Kernel, light, Patient)
        {
            Make = k => new Odd(k.Session, () => Task.CompletedTask, () => throw new InvalidOperationException("odd")),
        })
        {
            await failing.Ready;
            Assert.Contains(failing.Complete("firstC", 6).Items, i => i.Text == "firstCell");
            Assert.Equal("odd", failing.LastFailure!.Message);
        }

        using (var slow = new FullAssistant(_kernel.Kernel, light, TimeSpan.FromMilliseconds(50))
        {
            Make = k => new Odd(k.Session, () => Task.CompletedTask, () => Task.Delay(Patient)),
        })
        {
            await slow.Ready;
            Assert.Contains(slow.Complete("firstC", 6).Items, i => i.Text == "firstCell");
        }

        using var broken = new FullAssistant(_kernel.Kernel, light, Patient) { Make = _ => throw new InvalidOperationException("cannot start") };
        Assert.Contains(broken.Complete("firstC", 6).Items, i => i.Text == "firstCell");
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.Ready);
        Assert.Contains(broken.Complete("firstC", 6).Items, i => i.Text == "firstCell");
    }

    private sealed class Odd(CSharpSession session, Func<Task> first, Func<Task>? later = null) : FeaturesTier(session)
    {
        private int _asked;

        public override async Task<CompletionList?> CompleteAsync(string code, int place, CancellationToken cancellationToken)
        {
            await (_asked++ == 0 ? first() : later?.Invoke() ?? Task.CompletedTask);
            return CompletionList.None(place);
        }
    }
}
