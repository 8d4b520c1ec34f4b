using System.Diagnostics;

namespace Beamline.Notebook;

/// <summary>The C# that a magic command stands for.</summary>
/// <param name="Code">C# statements, as a scientist would type them.</param>
/// <param name="Result">Name of the variable that they make, or null.</param>
public sealed record MagicCode(string Code, string? Result = null);

/// <summary>
/// Base of every command that is a thin skin over public C#: the command writes C#, and that C# is what runs.
/// So <c>--show-code</c> prints exactly what happens, and variables have their real types.
/// </summary>
public abstract class CodeMagic : IMagicCommand
{
    /// <inheritdoc/>
    public abstract MagicDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public virtual async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        if (arguments.WantsHelp)
        {
            context.WriteLine(MagicParser.Help(Descriptor).TrimEnd());
            return;
        }

        var made = Translate(arguments, context);
        if (arguments.WantsCode)
        {
            context.WriteLine(made.Code);
            return;
        }

        var watch = Stopwatch.StartNew();
        var value = await context.RunCodeAsync(made.Code).ConfigureAwait(false);
        watch.Stop();
        if (made.Result is not null)
        {
            value = context.FindVariable(made.Result)?.Value;
            context.WriteLine($"{made.Result} = {value} in {Seconds(watch.Elapsed)}{Remark(value)}");
        }

        if (value is not null && !arguments.Flag("quiet"))
        {
            context.Display(value);
        }
        else if (value is not null)
        {
            context.KeepQuiet(value);
        }
    }

    /// <summary>Writes the C# for some arguments.</summary>
    /// <param name="arguments">The checked arguments.</param>
    /// <param name="context">The notebook, for the types of variables.</param>
    protected abstract MagicCode Translate(MagicArguments arguments, INotebookContext context);

    /// <summary>What else the line says that names the result: it follows the time. Nothing by default.</summary>
    /// <param name="result">The value of the result's variable.</param>
    protected virtual string Remark(object? result) => "";

    /// <summary>The variable that a parameter points to.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="context">The notebook.</param>
    /// <exception cref="MagicException">There is no such variable; the message lists those that exist.</exception>
    protected static NotebookVariable Variable(MagicArguments arguments, string parameter, INotebookContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var name = arguments.Required(parameter).TrimStart('@');
        return context.FindVariable(name) ?? throw new MagicException(
            $"There is no variable {name}.{Suggestion.DidYouMean(name, context.Variables.Select(v => v.Name))} " +
            (context.Variables.Count == 0
                ? "No cell has declared one yet."
                : $"Variables: {string.Join(", ", context.Variables.Select(v => v.Name))}."));
    }

    /// <summary>A C# string literal.</summary>
    /// <param name="text">The text.</param>
    protected static string Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0} ms" : $"{time.TotalSeconds:0.0} s";
}
