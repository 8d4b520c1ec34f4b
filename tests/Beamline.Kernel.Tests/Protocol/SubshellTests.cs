using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>What is answered while a cell runs, on the main shell, on subshells and on control.</summary>
public sealed class SubshellTests : IDisposable
{
    private const string Endless = "Console.Write(\"on\"); await Task.Delay(-1);";

    private readonly WireKernel _kernel = new();

    private WireClient Client => _kernel.Client;

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void The_kernel_says_what_it_supports()
    {
        var info = Client.ReplyTo(Client.Send(Client.Shell, "kernel_info_request"));
        Assert.Equal(("5.5", "[\"kernel subshells\"]"), (info["protocol_version"], info.Content["supported_features"]!.ToJsonString()));
    }

    [Fact]
    public void Every_front_end_is_welcomed_on_iopub()
    {
        Assert.Equal(("", ""), (Client.Welcome.Parent, Client.Welcome["subscription"]));
        using var second = new WireClient(_kernel.Kernel.Connection);
        Assert.Equal("", second.Welcome["subscription"]);
        using var third = new NetMQ.Sockets.SubscriberSocket(">" + _kernel.Kernel.Connection.Address(_kernel.Kernel.Connection.IopubPort));
        third.Subscribe("kernel.stream");
        Assert.Equal("kernel.stream", Client.Receive(third)["subscription"]);
    }

    [Fact]
    public void Questions_are_answered_while_a_cell_runs()
    {
        Client.Run("var slow = 1;");
        var cell = Client.Execute(Endless);
        Client.WaitFor(cell, m => m.Type == "stream");
        var complete = Client.ReplyTo(Client.Send(
            Client.Shell, "complete_request", new JsonObject { ["code"] = "slo", ["cursor_pos"] = 3 }));
        Assert.Contains("slow", complete.Content["matches"]!.AsArray().Select(m => (string?)m));
        Assert.Equal("incomplete", Client.ReplyTo(Client.Send(
            Client.Shell, "is_complete_request", new JsonObject { ["code"] = "{" }))["status"]);
        Assert.Equal("True", Client.ReplyTo(Client.Send(
            Client.Shell, "inspect_request", new JsonObject { ["code"] = "slow", ["cursor_pos"] = 2 }))["found"], ignoreCase: true);
        Assert.Equal("ok", Client.ReplyTo(Client.Send(Client.Control, "kernel_info_request"), Client.Control)["status"]);
        Interrupt(cell);
    }

    [Fact]
    public void A_question_right_behind_a_quick_cell_knows_its_variables()
    {
        // How quick is quick depends on the machine; here every cell is.
        using var kernel = new WireKernel(WireClient.Limit);
        for (var i = 0; i < 10; i++)
        {
            kernel.Client.Execute($"var fresh{i} = {i};");
            var reply = kernel.Client.ReplyTo(kernel.Client.Send(
                kernel.Client.Shell, "complete_request", new JsonObject { ["code"] = $"fresh{i}", ["cursor_pos"] = 6 }));
            Assert.Equal($"[\"fresh{i}\"]", reply.Content["matches"]!.ToJsonString());
        }
    }

    [Fact]
    public void Subshells_are_made_listed_and_deleted()
    {
        Assert.Equal("[]", Ask("list_subshell_request").Content["subshell_id"]!.ToJsonString());
        var id = Ask("create_subshell_request")["subshell_id"]!;
        var other = Ask("create_subshell_request")["subshell_id"]!;
        Assert.Equal(
            new[] { id, other }.Order(StringComparer.Ordinal),
            Ask("list_subshell_request").Content["subshell_id"]!.AsArray().Select(n => (string)n!));
        Assert.Equal("ok", Ask("delete_subshell_request", id)["status"]);
        Assert.Equal(("error", "SubshellError"), (Ask("delete_subshell_request", id)["status"], Ask("delete_subshell_request", id)["ename"]));
        var reply = Client.ReplyTo(Client.Execute("1", subshell: id));
        Assert.Contains($"no subshell '{id}'", reply["evalue"]);
        Assert.Equal("ok", Client.ReplyTo(Client.Send(Client.Shell, "kernel_info_request", subshell: other))["status"]);
    }

    [Fact]
    public void Not_more_than_64_subshells_are_made()
    {
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal("ok", Ask("create_subshell_request")["status"]);
        }

        Assert.Contains("64 subshells", Ask("create_subshell_request")["evalue"]);
    }

    [Fact]
    public void A_subshell_answers_beside_the_main_shell_and_runs_cells_between_its_cells()
    {
        var id = Ask("create_subshell_request")["subshell_id"]!;
        Client.Run("var shared = 41;");
        Assert.Equal("ok", Client.ReplyTo(Client.Execute("shared++;", subshell: id))["status"]);
        var cell = Client.Execute(Endless);
        Client.WaitFor(cell, m => m.Type == "stream");
        Assert.Equal("ok", Client.ReplyTo(Client.Send(Client.Shell, "kernel_info_request", subshell: id))["status"]);
        var refused = Client.ReplyTo(Client.Execute("shared", subshell: id));
        Assert.Equal(("error", "SubshellBusy"), (refused["status"], refused["ename"]));
        Assert.Contains("is running", refused["evalue"]);
        Interrupt(cell);
        Assert.Contains(Client.Run("shared"), m => m.Type == "execute_result" && (string?)m.Content["data"]!["text/plain"] == "42");
    }

    [Fact]
    public void Cells_are_not_run_on_control()
    {
        var reply = Client.ReplyTo(Client.Send(Client.Control, "execute_request", new JsonObject { ["code"] = "1" }), Client.Control);
        Assert.Equal(("error", "ControlError"), (reply["status"], reply["ename"]));
    }

    [Fact]
    public async Task Shutdown_comes_through_also_on_shell_and_is_told_to_all()
    {
        var cell = Client.Execute(Endless);
        Client.WaitFor(cell, m => m.Type == "stream");
        var end = Client.Send(Client.Shell, "shutdown_request", new JsonObject { ["restart"] = true });
        Assert.Equal(("ok", "true"), (Client.WaitFor(end, m => m.Type == "shutdown_reply")["status"], Client.ReplyTo(end)["restart"]));
        await _kernel.Kernel.Ended.WaitAsync(WireClient.Limit);
    }

    [Fact]
    public void An_error_aborts_what_was_queued_and_nothing_else()
    {
        for (var round = 0; round < 15; round++)
        {
            string[] queued = [Client.Execute("throw new Exception();"), .. Enumerable.Range(0, 10).Select(i => Client.Execute($"var ran{i} = 1;"))];
            var info = Client.Send(Client.Shell, "kernel_info_request");
            var states = queued.Select(id => Client.ReplyTo(id)["status"]).ToArray();

            // How many were there already when the error came is a matter of luck; none may run between two that do not.
            var last = Array.FindLastIndex(states, s => s == "aborted");
            Assert.Equal("error", states[0]);
            Assert.All(states[1..(last + 1)], s => Assert.Equal("aborted", s));
            Assert.All(states[(last + 1)..], s => Assert.Equal("ok", s));
            Assert.Equal("ok", Client.ReplyTo(info)["status"]);
            Assert.Equal("ok", Client.ReplyTo(Client.Execute("_ = 1;"))["status"]);
        }
    }

    private WireAnswer Ask(string type, string? id = null) => Client.ReplyTo(
        Client.Send(Client.Control, type, id is null ? [] : new JsonObject { ["subshell_id"] = id }), Client.Control);

    private void Interrupt(string cell)
    {
        Assert.Equal("ok", Client.ReplyTo(Client.Send(Client.Control, "interrupt_request"), Client.Control)["status"]);
        Assert.Equal("Interrupted", Client.ReplyTo(cell)["ename"]);
    }
}
