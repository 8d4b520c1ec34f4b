using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests.Protocol;

public sealed class ConsoleClientTests
{
    [Theory]
    [InlineData("2f1c9b7e-55c5e8a2f4_4711_12", true, false, true)]
    [InlineData("2f1c9b7e-55c5e8a2f4_4711_12", false, false, false)]
    [InlineData("2f1c9b7e-55c5e8a2f4_4711_12", true, true, false)]
    [InlineData("0c9cf3ac-8f0a-4a0e-9d3b-2f0f4c9a3f57", true, false, false)]
    [InlineData("5F3E9C1B2A4D", true, false, false)]
    [InlineData("", true, false, false)]
    public void A_console_is_known_by_its_numbered_messages(string id, bool allowsInput, bool hasCell, bool isConsole)
    {
        var message = new JupyterMessage
        {
            Identities = [], HeaderBytes = [], Buffers = [],
            Header = new JsonObject { ["msg_type"] = "execute_request", ["msg_id"] = id },
            Metadata = hasCell ? new JsonObject { ["cellId"] = "abc" } : [],
            Content = new JsonObject { ["allow_stdin"] = allowsInput },
        };
        Assert.Equal(isConsole, ConsoleClient.Sent(message));
    }
}
