using System.Diagnostics;
using System.Net;
using System.Text;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>An exception as a value: first what it says, then what caused it, where in the cells it came from, and the stack for who opens it.</summary>
internal static class ExceptionCard
{
    private const int MostInner = 10;
    private const int DeepestInner = 8;
    private const int LongestStack = 20_000;

    public static MimeBundle Of(Exception exception)
    {
        var html = new StringBuilder("<div>");
        var text = new StringBuilder();
        Add(exception, html, text, 0);
        if (exception.StackTrace is { Length: > 0 } stack)
        {
            var cut = stack.Length > LongestStack ? stack[..LongestStack] + "\n…" : stack;
            html.Append("<details><summary>stack</summary><pre>").Append(WebUtility.HtmlEncode(cut)).Append("</pre></details>");
        }

        return MimeBundle.FromHtml(html.Append("</div>").ToString(), text.ToString().TrimEnd());
    }

    private static void Add(Exception exception, StringBuilder html, StringBuilder text, int depth)
    {
        var indent = new string(' ', 2 * depth);
        var prefix = depth == 0 ? "" : "caused by ";
        var message = BuiltInFormatter.Guarded(() => exception.Message);
        html.Append(depth == 0 ? "<p>" : "<p style=\"margin-left:1.5em\">").Append(prefix).Append("<strong>")
            .Append(WebUtility.HtmlEncode(TypeNames.Of(exception.GetType()))).Append("</strong>: <span style=\"white-space:pre-wrap\">")
            .Append(WebUtility.HtmlEncode(message)).Append("</span>");
        text.Append(indent).Append(prefix).Append(TypeNames.Of(exception.GetType())).Append(": ").Append(message.ReplaceLineEndings("\n" + indent)).Append('\n');
        if (CellLine(exception) is { } place)
        {
            html.Append("<br><small>at ").Append(WebUtility.HtmlEncode(place)).Append("</small>");
            text.Append(indent).Append("  at ").Append(place).Append('\n');
        }

        html.Append("</p>");
        Exception[] inner = exception is AggregateException many ? [.. many.InnerExceptions] : exception.InnerException is { } one ? [one] : [];
        if (depth == DeepestInner && inner.Length > 0)
        {
            text.Append(indent).Append("… deeper causes\n");
            html.Append("<p>… deeper causes</p>");
            return;
        }

        foreach (var cause in inner.Take(MostInner))
        {
            Add(cause, html, text, depth + 1);
        }

        if (inner.Length > MostInner)
        {
            html.Append("<p>… ").Append(inner.Length - MostInner).Append(" more</p>");
            text.Append(indent).Append("… ").Append(inner.Length - MostInner).Append(" more\n");
        }
    }

    // Cells are compiled under their labels, which are no paths.
    private static string? CellLine(Exception exception)
    {
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { Length: > 0 } name && name.AsSpan().IndexOfAny('/', '\\') < 0 && frame.GetFileLineNumber() is > 0 and var line)
            {
                return $"{name}, line {line}{RuntimeErrorReport.Place(frame.GetMethod())}";
            }
        }

        return null;
    }
}
