using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Answers the requests that run no code: questions about the kernel, the session and a text.</summary>
internal sealed class RequestAnswers(Func<ICodeAssistant> assistant, CellHistory history, Func<string?, JsonObject> comms)
{
    // The assistant serves one question at a time, whichever shell it comes from.
    private readonly Lock _assistantGate = new();

    /// <summary>True for what a front end asks while somebody types: it is answered beside the cells that run.</summary>
    /// <remarks>
    /// The others keep their place in the line. Programs send cells and kernel_info_request in one go, read the replies in
    /// that order, and throw away what comes earlier.
    /// </remarks>
    public static bool IsBeside(JupyterMessage message) => message.Type is "is_complete_request" or "complete_request"
        or "inspect_request" or "comm_info_request";

    /// <summary>The content of the reply, or null when this is no such request.</summary>
    public JsonObject? Answer(JupyterMessage message)
    {
        var code = message.Text("code") ?? "";
        var place = CodePoints.ToUtf16(code, message.Number("cursor_pos", 0));
        switch (message.Type)
        {
            case "kernel_info_request":
                return KernelInfo();
            case "is_complete_request":
                return Completeness.Answer(code);
            case "complete_request":
                lock (_assistantGate)
                {
                    return AssistanceReplies.Complete(assistant(), code, place);
                }

            case "inspect_request":
                lock (_assistantGate)
                {
                    return AssistanceReplies.Inspect(assistant(), code, place, message.Number("detail_level", 0));
                }

            case "history_request":
                return new JsonObject { ["status"] = "ok", ["history"] = history.Answer(message) };
            case "comm_info_request":
                return comms(message.Text("target_name"));
            default:
                return null;
        }
    }

    private static JsonObject KernelInfo() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = WireFormat.ProtocolVersion,
        ["implementation"] = KernelMetadata.KernelName,
        ["implementation_version"] = typeof(JupyterKernel).Assembly.GetName().Version?.ToString(3) ?? "0",
        ["language_info"] = KernelMetadata.LanguageInfo(),
        ["banner"] = "Beamline: C# for X-ray imaging. #!lsmagic lists the commands.",
        ["debugger"] = false,
        ["help_links"] = new JsonArray(
            new JsonObject { ["text"] = "C# language", ["url"] = "https://learn.microsoft.com/dotnet/csharp/" },
            new JsonObject { ["text"] = ".NET API", ["url"] = "https://learn.microsoft.com/dotnet/api/" }),
        ["supported_features"] = new JsonArray("kernel subshells"),
    };
}
