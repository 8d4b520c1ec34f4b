using System.Text;
using NetMQ;
using NetMQ.Sockets;

namespace Beamline.Kernel.Tests;

/// <summary>Messages damaged in every way: nothing crashes, and nothing unsigned is acted on. eng/fuzz runs more of them.</summary>
public sealed class FuzzTests
{
    private const string Key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";

    [Fact]
    public void The_reader_accepts_exactly_what_is_signed_and_well_formed()
    {
        var mutator = new MessageMutator(Seed("read"), Key);
        var wire = new WireFormat(Key);
        var (accepted, dropped) = (0, 0);
        for (var i = 0; i < Count(10_000); i++)
        {
            var made = mutator.Next();
            if (wire.Read(new NetMQMessage(made.Frames)) is { } message)
            {
                accepted++;
                Assert.True(made.IsSigned, made.What);

                // Everything that handlers ask of a message has an answer, whatever is in it.
                _ = (message.Type, message.Subshell, message.Text("code"), message.Flag("silent", true), message.Number("cursor_pos", 0), message.IsRequest);
            }
            else
            {
                dropped++;
                Assert.False(made.IsGood, made.What);
            }
        }

        Assert.Equal(dropped, wire.Dropped);
        Assert.True(accepted > 0 && dropped > accepted);
    }

    [Fact]
    public void A_kernel_that_gets_them_all_goes_on_and_runs_none_that_is_unsigned()
    {
        var kernel = new JupyterKernel(ConnectionFile.NewLocal() with { Key = Key }, []);
        kernel.Start();
        using (var client = new WireClient(kernel.Connection))
        {
            client.Run("var acted = 0;");
            var mutator = new MessageMutator(Seed("send"), Key);
            var count = Count(10_000) / 5;
            using var shell = new DealerSocket(">" + kernel.Connection.Address(kernel.Connection.ShellPort));
            using var control = new DealerSocket(">" + kernel.Connection.Address(kernel.Connection.ControlPort));
            using var stdin = new DealerSocket(">" + kernel.Connection.Address(kernel.Connection.StdinPort));
            using var iopub = new XSubscriberSocket(">" + kernel.Connection.Address(kernel.Connection.IopubPort));
            DealerSocket[] sockets = [shell, control, stdin];
            foreach (var socket in sockets)
            {
                socket.Options.SendHighWatermark = 0;
                socket.Options.ReceiveHighWatermark = 0;
            }

            for (var i = 0; i < count; i++)
            {
                var made = mutator.Next();
                if (!made.EndsKernel)
                {
                    sockets[i % sockets.Length].SendMultipartMessage(new NetMQMessage(made.Frames));
                }

                if (i % 10 == 0)
                {
                    iopub.SendFrame([(byte)(i % 3), .. Encoding.UTF8.GetBytes(made.What)]);
                }

                if (i % 500 == 499)
                {
                    // What came before must be digested: memory is not what is tested here.
                    Assert.Equal("ok", client.ReplyTo(client.Send(client.Control, "kernel_info_request"), client.Control)["status"]);
                    RunAgain(client, "_ = 0;");
                }
            }

            // Every forged cell would have counted; signed ones count in a variable of their own.
            Assert.Contains(RunAgain(client, "acted"), m => m.Type == "execute_result" && (string?)m.Content["data"]!["text/plain"] == "0");
            Assert.True(kernel.DroppedMessages > count / 4, $"{kernel.DroppedMessages} of {count} dropped");
        }

        kernel.Dispose();
    }

    // Signed cells among the fuzz fail, which aborts what is queued, and signed interrupts interrupt.
    private static List<WireAnswer> RunAgain(WireClient client, string code)
    {
        for (var tries = 0; ; tries++)
        {
            var id = client.Execute(code);
            var reply = client.ReplyTo(id);
            var published = client.UntilIdle(id);
            if (reply["status"] == "ok")
            {
                return published;
            }

            Assert.True(tries < 100 && (reply["status"] == "aborted" || reply["ename"] == "Interrupted"), reply.Content.ToJsonString());
        }
    }

    // Over real sockets a fifth of them: each is answered there, and the signed cells among them are compiled.
    private static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("BEAMLINE_FUZZ"), out var count) ? count : usual;

    private static int Seed(string name)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BEAMLINE_FUZZ_SEED"), out var given) ? given : 20261123;
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: seed {seed}");
        return seed;
    }
}
