using System.Collections;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!env</c>, <c>#!env NAME</c>, <c>#!env NAME VALUE</c>: environment variables of the kernel's process.</summary>
internal sealed class EnvironmentCommand : IMagicCommand
{
    private static readonly string[] Secret =
        ["KEY", "TOKEN", "SECRET", "PASSW", "PASSPHRASE", "PWD_", "CREDENTIAL", "AUTH", "CONNECTIONSTRING", "CONNECTION_STRING", "COOKIE", "PRIVATE", "SAS"];

    public MagicDescriptor Descriptor { get; } = new("env", "Lists or sets environment variables of the kernel.",
    [
        new("name", MagicValueKind.Text, "Name of a variable, or NAME=VALUE; all when not given.") { IsPositional = true },
        new("value", MagicValueKind.Text, "Its new value; @variable and @password:prompt work.") { IsPositional = true },
        new("unset", MagicValueKind.Flag, "Remove the variable."),
        new("show-secrets", MagicValueKind.Flag, "Show values whose names say that they are secret."),
    ]);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var (name, value) = (arguments.Text("name"), arguments.Text("value"));
        if (value is null && name?.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
        {
            (name, value) = (name[..at], name[(at + 1)..]);
        }

        if (name is null)
        {
            List(context, arguments.Flag("show-secrets"));
        }
        else if (name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new MagicException($"#!env: '{name}' cannot be the name of an environment variable.");
        }
        else if (value is not null || arguments.Flag("unset"))
        {
            Environment.SetEnvironmentVariable(name, arguments.Flag("unset") ? null : value);
        }
        else
        {
            Show(name, context, arguments.Flag("show-secrets"));
        }

        return Task.CompletedTask;
    }

    private static void Show(string name, INotebookContext context, bool secrets)
    {
        var value = Environment.GetEnvironmentVariable(name) ?? throw new MagicException(
            $"There is no environment variable {name}.{Suggestion.DidYouMean(name, All().Select(e => e.Name))} #!env NAME VALUE sets one.");
        context.WriteLine($"{name}={Masked(name, value, secrets)}");
    }

    private static void List(INotebookContext context, bool secrets)
    {
        string[][] rows = [.. All().Select(e => new[] { e.Name, Masked(e.Name, e.Value, secrets) })];
        context.Display(MimeBundle.FromHtml(
            HtmlTable.Of(["Name", "Value"], rows), string.Join('\n', rows.Select(r => $"{r[0]}={r[1]}"))));
    }

    private static IEnumerable<(string Name, string Value)> All() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(e => ((string)e.Key, (string?)e.Value ?? "")).OrderBy(e => e.Item1, StringComparer.Ordinal);

    // A notebook is saved and passed on with what it shows.
    private static string Masked(string name, string value, bool secrets) =>
        !secrets && value.Length > 0 && Secret.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? "(hidden; --show-secrets shows it)"
            : value;
}
