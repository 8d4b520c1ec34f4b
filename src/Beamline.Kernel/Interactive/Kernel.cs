using System.Diagnostics.CodeAnalysis;
using Beamline.Notebook;

namespace Beamline.Kernel.Interactive;

/// <summary>Functions that notebooks of .NET Interactive call as <c>Kernel.HTML(...)</c> or just <c>HTML(...)</c>, under the names they know.</summary>
[SuppressMessage("Naming", "CA1724", Justification = "The name that existing notebooks use")]
[SuppressMessage("Naming", "CA1708", Justification = "The names that existing notebooks use")]
[SuppressMessage("Style", "IDE1006", Justification = "The names that existing notebooks use")]
public static class Kernel
{
    private const string OneKernel = "Beamline is one C# kernel: there are no other kernels beside it to send commands to. " +
        "Call C# directly; #!import runs another notebook (docs/dotnet-interactive.md).";

    /// <summary>There is no tree of kernels here.</summary>
    [Obsolete(OneKernel, error: true)]
    public static object Root => throw new NotSupportedException(OneKernel);

    /// <summary>There is no tree of kernels here.</summary>
    [Obsolete(OneKernel, error: true)]
    public static object Current => throw new NotSupportedException(OneKernel);

    /// <summary>HTML to show, for instance as the last expression of a cell.</summary>
    /// <param name="content">The HTML; escape text that comes from elsewhere.</param>
    public static MimeBundle HTML(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return MimeBundle.FromHtml(content, content);
    }

    /// <summary>Runs JavaScript in the front end, if it allows that.</summary>
    /// <param name="scriptContent">The script.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Javascript(string scriptContent)
    {
        ArgumentNullException.ThrowIfNull(scriptContent);
        CellGlobals.Display(TextLanguageCommand.JavaScript(scriptContent));
    }

    /// <summary>Adds a style sheet to the page of the notebook, if the front end allows that.</summary>
    /// <param name="content">The style sheet.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void CSS(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var safe = content.Replace("</", "<\\/", StringComparison.Ordinal);
        CellGlobals.Display(MimeBundle.FromHtml($"<style>{safe}</style>", "(style sheet)"));
    }

    /// <summary>Shows a value as the given MIME types only.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">For instance text/html; all that the value has when none is given.</param>
    /// <returns>A handle to replace the output with.</returns>
    /// <exception cref="ArgumentException">The value cannot be shown as any of the types.</exception>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static IDisplayHandle display(object? value, params string[] mimeTypes)
    {
        ArgumentNullException.ThrowIfNull(mimeTypes);
        return CellGlobals.Display(mimeTypes.Length == 0 ? value : Formatter.Bundle(value, mimeTypes));
    }

    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="typeHint">Known from .NET Interactive; "password" hides what is typed.</param>
    /// <param name="valueName">Known from .NET Interactive; asked for when there is no prompt.</param>
    /// <exception cref="InvalidOperationException">Nobody can answer.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text", string? valueName = null) =>
        Task.FromResult(CellGlobals.Input(prompt.Length > 0 ? prompt : valueName ?? "", typeHint == "password") ?? "");

    /// <summary>Asks the user for a password, which is hidden while it is typed and when it is shown.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="valueName">Known from .NET Interactive; asked for when there is no prompt.</param>
    /// <exception cref="InvalidOperationException">Nobody can answer.</exception>
    public static async Task<PasswordString> GetPasswordAsync(string prompt = "", string? valueName = null) =>
        new(await GetInputAsync(prompt, "password", valueName).ConfigureAwait(false));
}
