namespace Beamline.Kernel;

/// <summary>Small pieces of the text of a program.</summary>
internal static class ProgramText
{
    /// <summary>What cells call without a prefix, for programs that have no notebook around them.</summary>
    public const string Helpers = """
        static class NotebookHelpers
        {
            public static Shown display(object? value, params string[] types) => Display(value);
            public static Shown Display(object? value) { var shown = new Shown(); shown.Update(value); return shown; }
            public static string HTML(string text) => text;
            public static void ClearOutput(bool wait = false) { }
            public static void clear_output(bool wait = false) { }
            public static string? Input(string prompt = "", bool password = false) { Console.Write(prompt); return Console.ReadLine(); }

            public sealed class Shown
            {
                public void Update(object? value) => Console.WriteLine(
                    value is System.Collections.IEnumerable many and not string ? string.Join(", ", many.Cast<object?>()) : value);
            }
        }

        static class NotebookExtensions
        {
            public static NotebookHelpers.Shown Display<T>(this T value, params string[] types) => NotebookHelpers.Display(value);
            public static NotebookHelpers.Shown DisplayAs(this string value, string type) => NotebookHelpers.Display(value);
        }
        """;

    /// <summary>Opens <see cref="Helpers"/>.</summary>
    public const string HelpersUsing = "using static NotebookHelpers;";

    public static string Comment(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Select(line => ("// " + line).TrimEnd()));

    /// <summary>The directive of a program for a #r or #i of a cell; null when there is none.</summary>
    public static string? Directive(string line)
    {
        var at = line.IndexOf('"', StringComparison.Ordinal);
        if (at < 0 || !line.EndsWith('"') || line.Length < at + 2)
        {
            return null;
        }

        var (kind, text) = (line[..at].Trim(), line[(at + 1)..^1].Trim());
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (scheme, rest) = colon > 0 ? (text[..colon].Trim(), text[(colon + 1)..].Trim()) : ("", text);
        var parts = rest.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (kind, scheme, parts) switch
        {
            ("#r", "nuget", [var name]) => $"#:package {name}@*",
            ("#r", "nuget", [var name, var version]) => $"#:package {name}@{version}",
            ("#r", "project", _) => $"#:project {rest}",
            ("#i", "nuget", _) => $"#:property RestoreAdditionalProjectSources={rest}",
            _ => null,
        };
    }
}
