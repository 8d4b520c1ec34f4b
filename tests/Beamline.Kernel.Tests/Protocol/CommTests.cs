using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

public sealed class CommTests : IDisposable
{
    private readonly WireKernel _kernel = new();
    private string _target = "nobody";

    private WireClient Client => _kernel.Client;

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void A_comm_carries_json_metadata_and_bytes_both_ways()
    {
        CommMessage? opened = null;
        AddTarget("echo", (comm, message) =>
        {
            opened = message;
            comm.Received = m => comm.Send(new JsonObject { ["back"] = m.Data["n"]!.DeepClone() }, new JsonObject { ["v"] = 2 }, m.Buffers);
        });
        var open = Send("comm_open", "c1", new JsonObject { ["start"] = true }, [9]);
        Assert.Empty(Client.UntilIdle(open));
        Assert.True((bool)opened!.Data["start"]!);
        Assert.Equal([[9]], opened.Buffers);
        byte[] bytes = [0, 255, 1, 60];
        var message = Send("comm_msg", "c1", new JsonObject { ["n"] = 7 }, bytes, []);
        var answer = Assert.Single(Client.UntilIdle(message));
        Assert.Equal(("comm_msg", "c1", "7", "2"), (answer.Type, answer["comm_id"], answer.Content["data"]!["back"]!.ToString(), answer.Metadata["v"]!.ToString()));
        Assert.Equal([bytes, []], answer.Buffers);
    }

    [Fact]
    public void Problems_of_code_that_is_being_typed_come_over_a_comm()
    {
        _target = DiagnosticsComm.Target;
        Client.UntilIdle(Send("comm_open", "d1", []));
        var asked = Send("comm_msg", "d1", new JsonObject { ["code"] = "int x = 1;\nint y = z;", ["id"] = 5 });
        var data = Assert.Single(Client.UntilIdle(asked)).Content["data"]!;
        Assert.Equal(("5", "CS0103", "2"), (data["id"]!.ToString(), data["problems"]![0]!["code"]!.ToString(), data["problems"]![0]!["line"]!.ToString()));
    }

    [Fact]
    public void A_slider_works_while_a_cell_runs_and_its_output_belongs_to_it()
    {
        AddTarget("slider", (comm, _) => comm.Received = m =>
        {
            Console.Write($"at {m.Data["value"]}");
            CellGlobals.Display("slice");
        });
        Client.UntilIdle(Send("comm_open", "c1", []));
        var cell = Client.Execute("Console.Write(\"on\"); await Task.Delay(-1);");
        Client.WaitFor(cell, m => m.Type == "stream");
        for (var i = 0; i < 5; i++)
        {
            var moved = Client.UntilIdle(Send("comm_msg", "c1", new JsonObject { ["value"] = i }));
            Assert.Equal(["stream", "display_data"], moved.Select(m => m.Type));
            Assert.Equal($"at {i}", moved[0]["text"]);
        }

        Client.Send(Client.Control, "interrupt_request");
        Assert.Equal("Interrupted", Client.ReplyTo(cell)["ename"]);
    }

    [Fact]
    public void What_a_handler_throws_is_an_error_of_its_message_and_the_next_one_works()
    {
        AddTarget("odd", (comm, _) => comm.Received = m =>
            comm.Send(new JsonObject { ["half"] = (int)m.Data["n"]! % 2 == 0 ? 1 : throw new ArgumentException("odd number") }));
        Client.UntilIdle(Send("comm_open", "c1", []));
        var error = Assert.Single(Client.UntilIdle(Send("comm_msg", "c1", new JsonObject { ["n"] = 3 })));
        Assert.Equal(("error", "ArgumentException", "odd number"), (error.Type, error["ename"], error["evalue"]));
        Assert.Equal("comm_msg", Assert.Single(Client.UntilIdle(Send("comm_msg", "c1", new JsonObject { ["n"] = 4 }))).Type);
    }

    [Fact]
    public void What_cannot_be_opened_is_closed()
    {
        var unknown = Assert.Single(Client.UntilIdle(Send("comm_open", "c1", [])));
        AddTarget("broken", (_, _) => throw new InvalidOperationException("no lens"));
        Assert.Equal(("comm_close", "c1"), (unknown.Type, unknown["comm_id"]));
        var broken = Client.UntilIdle(Send("comm_open", "c2", []));
        Assert.Equal(["comm_close", "error"], broken.Select(m => m.Type));
        Assert.Equal("comm_close", Assert.Single(Client.UntilIdle(Send("comm_msg", "c3", []))).Type);
        Assert.Equal("{}", Info().ToJsonString());
    }

    [Fact]
    public void Comms_that_cells_open_are_listed_and_closed_from_both_sides()
    {
        var closed = new List<string>();
        var here = _kernel.Comms.Open("viewer", new JsonObject { ["size"] = 5 }, buffers: [[1]]);
        here.Closed = _ => closed.Add(here.Id);
        var open = Client.WaitFor("", m => m.Type == "comm_open");
        Assert.Equal(("viewer", here.Id, "5"), (open["target_name"], open["comm_id"], open.Content["data"]!["size"]!.ToString()));
        Assert.Equal([[1]], open.Buffers);
        var other = _kernel.Comms.Open("other");
        Assert.Equal([here.Id, other.Id], Info().Select(c => c.Key).Order().OrderBy(k => k == other.Id));
        Assert.Equal([other.Id], Info("other").Select(c => c.Key));
        Client.UntilIdle(Send("comm_close", here.Id, []));
        Assert.Equal([here.Id], closed);
        Assert.Throws<InvalidOperationException>(() => here.Send([]));
        other.Close();
        other.Close();
        Assert.Equal(other.Id, Client.WaitFor("", m => m.Type == "comm_close")["comm_id"]);
        Assert.Equal("{}", Info().ToJsonString());
    }

    [Fact]
    public async Task A_handler_that_hangs_is_interrupted_after_a_second()
    {
        using var started = new ManualResetEventSlim();
        AddTarget("hang", (comm, _) => comm.Received = _ =>
        {
            started.Set();
            new ManualResetEventSlim().Wait();
        });
        Client.UntilIdle(Send("comm_open", "c1", []));
        var hung = Send("comm_msg", "c1", []);
        Assert.True(started.Wait(WireClient.Limit));
        List<WireAnswer>? published = null;
        var waiting = Task.Run(() => published = Client.UntilIdle(hung));
        while (!waiting.IsCompleted)
        {
            _kernel.Kernel.Interrupt();
            await Task.WhenAny(waiting, Task.Delay(100));
        }

        Assert.Equal("Interrupted", Assert.Single(published!)["ename"]);
        Assert.Empty(Client.UntilIdle(Send("comm_close", "c1", [])));
    }

    private JsonObject Info(string? target = null) => Client.ReplyTo(Client.Send(
        Client.Shell, "comm_info_request", target is null ? [] : new JsonObject { ["target_name"] = target })).Content["comms"]!.AsObject();

    private string Send(string type, string id, JsonObject data, params byte[][] buffers) => Client.Send(
        Client.Shell, type, new JsonObject { ["comm_id"] = id, ["target_name"] = _target, ["data"] = data }, null, null, buffers);

    private void AddTarget(string name, Action<Comm, CommMessage> opened)
    {
        _target = name;
        _kernel.Comms.AddTarget(name, opened);
    }
}
