using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>
/// Tells consoles (<c>jupyter console</c>, <c>jupyter qtconsole</c>) from front ends with pages. The protocol has no field for it. Consoles are
/// written on Python's jupyter_client, which numbers messages SESSION_PROCESS_COUNT (JavaScript front ends give each an identifier of its
/// own), and somebody sits there to type: they allow input, which nbclient, papermill and nbconvert do not.
/// </summary>
internal static partial class ConsoleClient
{
    /// <summary>Whether a console sent a request to execute.</summary>
    public static bool Sent(JupyterMessage request) =>
        request.Type == "execute_request" && request.Flag("allow_stdin", false) && request.Metadata["cellId"] is null &&
        (string?)request.Header["msg_id"] is { } id && Numbered().IsMatch(id);

    [GeneratedRegex("^[0-9a-f-]+_[0-9]+_[0-9]+$")]
    private static partial Regex Numbered();
}
