using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>Tells a user what his code threw, and on which line of which cell.</summary>
internal static partial class RuntimeErrorReport
{
    private const int MostFrames = 12;

    public static CellError From(Exception thrown, Func<string, string?> sourceOf)
    {
        var exception = Unwrap(thrown);
        var lines = new List<string> { $"{Ansi.Red}{NameOf(exception)}{Ansi.Reset}: {exception.Message}" };
        AddFrames(lines, exception, sourceOf);
        var depth = 0;
        for (var inner = exception.InnerException; inner is not null && depth++ < 5; inner = inner.InnerException)
        {
            lines.Add($"caused by {Ansi.Red}{NameOf(inner)}{Ansi.Reset}: {inner.Message}");
            AddFrames(lines, inner, sourceOf);
        }

        lines.Add($"{Ansi.Gray}#!error shows the full stack; LastError holds the exception.{Ansi.Reset}");
        return new CellError(NameOf(exception), exception.Message, lines);
    }

    /// <summary>The exception that matters: without wrappers that only say that there was one.</summary>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } many => Unwrap(many.InnerExceptions[0]),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        _ => exception,
    };

    private static string NameOf(Exception exception)
    {
        var name = exception.GetType().Name;
        return name.IndexOf('`', StringComparison.Ordinal) is var at and > 0 ? name[..at] : name;
    }

    private static void AddFrames(List<string> lines, Exception exception, Func<string, string?> sourceOf)
    {
        if (exception is InsufficientExecutionStackException)
        {
            // A stack of a million frames takes half a minute to read; the message says where it was.
            return;
        }

        var shown = 0;
        (string, int) last = default;
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (exception is IndexOutOfRangeException && frame.GetILOffset() == 0 && shown == 0 && CellLines.OfIndexes(frame.GetMethod(), sourceOf) is var (cell, candidates))
            {
                shown++;
                last = candidates is [var only] ? (cell, only) : last;
                AddCandidates(lines, cell, Place(frame.GetMethod()), candidates, sourceOf(cell)!.Split('\n'));
                continue;
            }

            if (frame.GetFileName() is not { } label || sourceOf(label) is not { } text ||
                frame.GetFileLineNumber() is var number && number <= 0 || (label, number) == last)
            {
                continue;
            }

            if (++shown > MostFrames)
            {
                lines.Add("  ... more frames");
                break;
            }

            last = (label, number);
            var source = text.Split('\n');
            lines.Add($"  {label}, line {number}{Place(frame.GetMethod())}");
            if (number <= source.Length)
            {
                lines.Add($"{number,5} | {source[number - 1].TrimEnd('\r')}");
            }
        }
    }

    private static void AddCandidates(List<string> lines, string label, string place, IReadOnlyList<int> candidates, string[] source)
    {
        lines.Add(candidates switch
        {
            [] => $"  {label}{place}",
            [var only] => $"  {label}, line {only}{place}",
            _ => $"  {label}, line {string.Join(", ", candidates.SkipLast(1).Take(MostFrames))}{(candidates.Count > MostFrames + 1 ? ", ..." : "")} or {candidates[^1]}{place} (the runtime does not say at which index)",
        });
        foreach (var number in candidates.Take(MostFrames))
        {
            lines.Add($"{number,5} | {source[number - 1].TrimEnd('\r')}");
        }
    }

    /// <summary>The function of a stack frame, as a user wrote it: ", in Half"; empty for the cell itself.</summary>
    internal static string Place(MethodBase? method)
    {
        // The compiler hides what a user wrote in names as <Half>g__Inner|0_0 and <Work>d__3.MoveNext.
        var name = method?.Name == "MoveNext" ? method.DeclaringType?.Name ?? "" : method?.Name ?? "";
        if (name.Contains("<Initialize>", StringComparison.Ordinal) || name is "<Factory>" or "")
        {
            return "";
        }

        return LocalFunction().Match(name) is { Success: true } local ? $", in {local.Groups[1].Value}"
            : Lambda().Match(name) is { Success: true } lambda
                ? lambda.Groups[1].Value.Length == 0 || lambda.Groups[1].Value[0] is '<' or '.'
                    ? ", in a lambda" : $", in a lambda of {lambda.Groups[1].Value}"
            : StateMachine().Match(name) is { Success: true } machine ? $", in {machine.Groups[1].Value}"
            : $", in {name}";
    }

    [GeneratedRegex(@"g__(\w+)\|")]
    private static partial Regex LocalFunction();

    [GeneratedRegex(@"^<(.*)>b__")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"^<(\w+)>d__")]
    private static partial Regex StateMachine();
}
