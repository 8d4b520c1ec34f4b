using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Beamline.Kernel;

/// <summary>Puts given values into a Python notebook as papermill does. What a value is, its text says: 1, 2.5, true, null, [1, 2].</summary>
internal static partial class PythonParameters
{
    public static void Inject(
        NotebookDocument document, IReadOnlyDictionary<string, ParameterValue> values, string language, string notebookName)
    {
        if (values.Count == 0)
        {
            return;
        }

        if (!language.Equals("python", StringComparison.OrdinalIgnoreCase))
        {
            throw new RunInputException(
                $"Parameters can be given to notebooks in C# and Python; the kernel of {notebookName} speaks {language}.");
        }

        foreach (var name in values.Keys.Where(name => !Identifier().IsMatch(name)))
        {
            throw new RunInputException($"Parameter '{name}' is no name in Python.");
        }

        foreach (var old in document.Cells.Where(c => c.HasTag(ParameterInjector.InjectedTag)).ToArray())
        {
            document.Cells.Remove(old);
        }

        // As in papermill: after the defaults, or first when the notebook has none.
        var defaults = document.Cells.FirstOrDefault(c => c.Kind == NotebookCellKind.Code && c.HasTag(ParameterInjector.DefaultsTag));
        var lines = values.Select(value => $"{value.Key} = {Literal(value.Value.Node)}").Prepend("# Parameters");
        document.Cells.Insert(
            defaults is null ? 0 : document.Cells.IndexOf(defaults) + 1,
            new NotebookCell(NotebookCellKind.Code, string.Join('\n', lines))
            {
                Metadata = new JsonObject { ["tags"] = new JsonArray(ParameterInjector.InjectedTag) },
            });
    }

    private static string Literal(YamlNode node) => node switch
    {
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(Literal))}]",
        YamlMappingNode map => $"{{{string.Join(", ", map.Children.Select(p => $"{Literal(p.Key)}: {Literal(p.Value)}"))}}}",
        YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } quoted => Text(quoted.Value ?? ""),
        YamlScalarNode scalar => Plain(scalar.Value ?? ""),
        _ => throw new RunInputException($"'{node}' cannot be given as a parameter."),
    };

    private static string Plain(string text) => text switch
    {
        "true" or "True" => "True",
        "false" or "False" => "False",
        "null" or "~" or "None" => "None",
        ".nan" or ".NaN" => "float('nan')",
        ".inf" or "-.inf" => $"float('{text.Replace(".", "", StringComparison.Ordinal)}')",
        _ when Number().IsMatch(text) => text,
        _ => Text(text),
    };

    private static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                < ' ' or '\u007f' or (>= '\ud800' and <= '\udfff') or '\u2028' or '\u2029' => Escape(c),
                _ => c.ToString(),
            });
        }

        // Characters beyond the first plane are two for us and one for Python.
        return Pair().Replace(text.Append('"').ToString(), pair =>
        {
            var (high, low) = (Hex(pair.Groups[1].Value), Hex(pair.Groups[2].Value));
            return "\\U" + char.ConvertToUtf32((char)high, (char)low).ToString("x8", CultureInfo.InvariantCulture);
        });
    }

    private static string Escape(char c) => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture);

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z_0-9]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")]
    private static partial Regex Pair();
}
