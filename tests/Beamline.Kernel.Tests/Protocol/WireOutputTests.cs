using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>What output looks like on the wire: floods, fast updates, silence, input.</summary>
public sealed class WireOutputTests : IDisposable
{
    private readonly WireKernel _kernel = new();

    private WireClient Client => _kernel.Client;

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Of_10000_updates_few_are_sent_and_the_last_one_always()
    {
        var published = Client.Run("var shown = display(\"start\"); for (var i = 0; i < 10_000; i++) shown.Update(i);");
        var updates = published.Where(m => m.Type == "update_display_data").ToArray();
        Assert.InRange(updates.Length, 1, 2_000);
        Assert.Equal("9999", Text(updates[^1]));
        var numbers = updates.Select(m => int.Parse(Text(m)!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Single(updates.Select(u => u.Content["transient"]!["display_id"]!.ToString()).Distinct());
    }

    [Fact]
    public void Updates_keep_their_order_with_other_output()
    {
        var published = Client.Run(
            """
            var a = display("a"); var b = display("b");
            for (var i = 0; i < 200; i++) { a.Update($"a{i}"); Console.Write($"{i},"); b.Update($"b{i}"); }
            display("end"); a.Update("late"); clear_output(wait: true);
            """);
        var flow = published.Select(m => m.Type == "stream" ? m["text"]! : m.Type == "clear_output" ? "clear" : Text(m) ?? "").ToList();
        Assert.Equal(string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},")), string.Concat(published.Where(m => m.Type == "stream").Select(m => m["text"])));
        Assert.True(flow.IndexOf("a199") < flow.IndexOf("end") && flow.IndexOf("b199") < flow.IndexOf("end"), string.Join('|', flow));
        Assert.Equal(["end", "late", "clear"], flow[^3..]);
        Assert.True(flow.IndexOf("a199") < flow.IndexOf("b199"));
    }

    [Fact]
    public void A_task_that_outlives_its_cell_updates_under_the_header_of_its_cell()
    {
        var first = Client.Execute(
            """
            var shown = display(0); var go = new TaskCompletionSource();
            var late = Task.Run(async () => { await go.Task; for (var i = 1; i <= 3000; i++) shown.Update(i); Console.Write("done"); });
            """);
        Client.UntilIdle(first);
        Client.Execute("go.SetResult();");
        string? last = null;
        Client.WaitFor(first, m =>
        {
            last = m.Type == "update_display_data" ? Text(m) : last;
            return m.Type == "stream" && m["text"] == "done";
        });
        Assert.Equal("3000", last);
    }

    [Fact]
    public void Control_answers_during_a_flood_and_the_output_is_cut_with_a_note()
    {
        var cell = Client.Execute("for (var i = 0; i < 500_000; i++) Console.WriteLine(new string('x', 99));");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("ok", Client.ReplyTo(Client.Send(Client.Control, "kernel_info_request"), Client.Control)["status"]);
        }

        var published = Client.UntilIdle(cell);
        var text = published.Where(m => m.Type == "stream" && m["name"] == "stdout").Sum(m => m["text"]!.Length);
        Assert.InRange(text, 2 << 20, (2 << 20) + 20_000);
        Assert.Contains(published, m => m["name"] == "stderr" && m["text"]!.Contains("bytes of output dropped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Console.Write(1); display(2); Console.Error.Write(3); 4")]
    [InlineData("throw new Exception(\"quiet\");")]
    public void A_silent_cell_publishes_nothing_and_takes_no_number(string code)
    {
        Client.Run("_ = 0;");
        var before = Client.ReplyTo(Client.Execute("_ = 1;"))["execution_count"];
        var id = Client.Execute(code, silent: true);
        Assert.Equal(before, Client.ReplyTo(id)["execution_count"]);
        Assert.Empty(Client.UntilIdle(id));
        Assert.Equal(int.Parse(before!, null) + 1, (int)Client.ReplyTo(Client.Execute("_ = 2;")).Content["execution_count"]!);
    }

    [Fact]
    public void A_cell_without_history_shows_its_output_and_takes_no_number()
    {
        var before = Client.ReplyTo(Client.Execute("_ = 1;"))["execution_count"];
        var id = Client.Execute("\"kept out\"", storeHistory: false);
        Assert.Equal(before, Client.ReplyTo(id)["execution_count"]);
        Assert.Equal(["execute_input", "execute_result"], Client.UntilIdle(id).Select(m => m.Type));
        var error = Client.ReplyTo(Client.Execute("\n\nwrong", storeHistory: false));
        Assert.Contains("line 3", error["evalue"]);
    }

    [Fact]
    public void Input_and_password_ask_the_front_end_of_their_cell()
    {
        var id = Client.Execute("Input(\"name?\") + \"/\" + Password(\"pin?\") + \"/\" + Console.ReadLine()", allowStdin: true);
        foreach (var (prompt, isPassword, answer) in (ReadOnlySpan<(string, string, string)>)[("name?", "false", "Röntgen"), ("pin?", "true", "1895"), ("", "false", "")])
        {
            var asked = Client.Receive(Client.Stdin);
            Assert.Equal(("input_request", id, prompt, isPassword), (asked.Type, asked.Parent, asked["prompt"], asked["password"]));
            Client.Send(Client.Stdin, "input_reply", new JsonObject { ["value"] = answer });
        }

        Assert.Equal("Röntgen/1895/", Text(Client.WaitFor(id, m => m.Type == "execute_result")));
    }

    [Theory]
    [InlineData("Input(\"name?\")")]
    [InlineData("Password()")]
    [InlineData("Console.ReadLine()")]
    [InlineData("Console.Read()")]
    public void Input_that_the_front_end_does_not_take_is_a_clear_error(string code)
    {
        var reply = Client.ReplyTo(Client.Execute(code));
        Assert.Contains("allow_stdin is false", reply["evalue"]);
    }

    private static string? Text(WireAnswer message) => (string?)message.Content["data"]?["text/plain"];
}
