using System.Net;
using System.Text;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// A running job as HTML without script, and as one line of text. Every update has the same elements of the same size, so that the page does
/// not move; colors are those of the text around it, so that it fits light and dark pages.
/// </summary>
internal static class LiveHtml
{
    private const int LineHeight = 20;
    private const string Line = "height:20px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis";
    private const int SparkWidth = 240;
    private const int SparkHeight = 96;

    /// <summary>HTML and text of a job that runs, or that did not come to its end.</summary>
    public static MimeBundle Bundle(LiveState state) => Mark(MimeBundle.FromHtml(Html(state), Text(state)));

    /// <summary>Marks an output as one about a job: its numbers differ from run to run.</summary>
    public static MimeBundle Mark(MimeBundle bundle) =>
        bundle.WithMetadata(JobOutput.MetadataKey, JobOutput.Metadata());

    /// <summary>One line: bar, percent, numbers, times.</summary>
    public static string Text(LiveState state) => state.Ending is null
        ? ProgressText.Line(new ProgressReport(state.Name, state.Fraction, Numbers(state)) { Left = state.Left }, state.Elapsed)
        : Summary(state);

    /// <summary>One line about a job that has ended: how, how long it took against the plan, and how well it converged.</summary>
    public static string Summary(LiveState state)
    {
        var times = Beamline.Arrays.RunTiming.Text(state.Elapsed) +
            (state.Expected is { } expected && state.Ending == JobEnding.Done ? $", planned {Beamline.Arrays.RunTiming.Text(expected)}" : "");
        var words = state.Words;
        var at = state.Iteration is { } i ? $" at {words.Iteration} {i}{(state.IterationLimit is { } n ? $" of {n}" : "")}" : $" at {state.Percent} %";
        var residual = state.Residuals.Count > 0 ? $"; {words.Residual} {NumberText.Short(state.Residuals[^1])}" : "";
        var remark = state.Remark.Length > 0 ? $". {state.Remark}" : "";
        return state.Ending switch
        {
            JobEnding.Done => $"{state.Name}: done in {times}" + (state.Iteration is { } done ? $"; {done} {words.Iteration}s" : "") + residual + remark,
            JobEnding.Cancelled => $"{state.Name}: cancelled{at} after {times}{residual}{remark}",
            JobEnding.Failed => $"{state.Name}: failed{at} after {times}{residual}{remark}",
            _ => $"{state.Name}: {state.Percent} %",
        };
    }

    public static string Picture(LiveFrame frame) =>
        $"<img src=\"data:{frame.MimeType};base64,{Convert.ToBase64String(frame.Bytes)}\" width=\"{frame.Width}\" height=\"{frame.Height}\" " +
        $"style=\"display:block;max-width:none;margin:0\" alt=\"{Encode(frame.Caption)}\">";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Html(LiveState state)
    {
        var html = new StringBuilder("<div role=\"group\" style=\"max-width:720px;font-size:13px;line-height:20px;font-variant-numeric:tabular-nums\" ")
            .Append($"aria-label=\"{Encode(state.Name)}\"><div style=\"display:flex;gap:10px;align-items:center;height:{LineHeight}px\">")
            .Append($"<strong style=\"white-space:nowrap;overflow:hidden;max-width:40%\">{Encode(state.Name)}</strong>")
            .Append($"<progress role=\"progressbar\" aria-label=\"{Encode(state.Name)}\" aria-valuemin=\"0\" aria-valuemax=\"100\" ")
            .Append($"aria-valuenow=\"{state.Percent}\" max=\"100\" value=\"{state.Percent}\" style=\"flex:1;min-width:60px;height:12px\"></progress>")
            .Append($"<span style=\"width:5ch;text-align:right\">{state.Percent} %</span></div>")
            .Append($"<div style=\"{Line}\">{Encode(state.Ending is null ? Numbers(state) : Summary(state))}&nbsp;</div>")
            .Append($"<div style=\"{Line};opacity:0.8\">{Encode(Times(state))}&nbsp;</div>");
        var hasLine = state.Residuals.Count > 0;
        if (state.PictureSize is not { } size)
        {
            return html.Append(hasLine ? Spark(state) : "").Append("</div>").ToString();
        }

        html.Append($"<div style=\"display:flex;gap:12px;margin-top:4px;height:{size.Height + LineHeight}px\">")
            .Append($"<div style=\"width:{size.Width}px;flex:none\"><div style=\"width:{size.Width}px;height:{size.Height}px\">")
            .Append(state.Frame is { } frame ? Picture(frame) : "")
            .Append($"</div><div style=\"{Line};font-size:11px\" title=\"{Encode(state.Frame?.Caption ?? "")}\">{Encode(state.Frame?.Caption ?? "")}&nbsp;</div></div>")
            .Append($"<div style=\"width:{SparkWidth}px\">{(hasLine ? Spark(state) : "")}</div></div></div>");
        return html.ToString();
    }

    private static string Spark(LiveState state)
    {
        var caption = $"{state.Words.Residual} {NumberText.Short(state.Residuals[^1])}";
        caption += state.Scores.Count > 0 ? $"; dashed: {state.Words.Score} {NumberText.Short(state.Scores[^1])}" : "";
        return $"{Sparkline.Svg(state.Residuals, SparkWidth, SparkHeight, state.Words.Residual, state.Scores, state.Words.Score)}" +
            $"<div style=\"{Line};font-size:11px\">{Encode(caption)}</div>";
    }

    private static string Numbers(LiveState state)
    {
        var told = state.Detail;
        // Most jobs say their iteration in words of their own.
        if (state.Iteration is { } i && !told.Contains(state.Words.Iteration, StringComparison.OrdinalIgnoreCase))
        {
            told += $"{(told.Length > 0 ? ", " : "")}{state.Words.Iteration} {i}{(state.IterationLimit is { } n ? $" of {n}" : "")}";
        }

        if (state.Residuals.Count > 0 && !told.Contains(state.Words.Residual, StringComparison.OrdinalIgnoreCase))
        {
            told += $"{(told.Length > 0 ? ", " : "")}{state.Words.Residual} {NumberText.Short(state.Residuals[^1])}";
        }

        return told;
    }

    private static string Times(LiveState state)
    {
        var left = state is { Ending: null, Left: { } time } ? $", about {ProgressText.Time(time)} left" : "";
        var pace = state.Iteration is > 0 and { } i ? $"; {Beamline.Arrays.RunTiming.Text(state.Elapsed / i)} {(state.Words.Iteration.AsSpan().IndexOfAny("aeiou") == 0 ? "an" : "a")} {state.Words.Iteration}" : "";
        var memory = state.MemoryBytes > 0 ? $"; memory {state.MemoryBytes / 1e9:0.0} GB" : "";
        return $"{ProgressText.Time(state.Elapsed)}{left}{pace}{memory}";
    }
}
