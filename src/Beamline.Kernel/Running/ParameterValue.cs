using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Beamline.Kernel;

/// <summary>A value given for a parameter: text, a list or null, not yet of any C# type.</summary>
/// <param name="Node">The value as YAML.</param>
/// <param name="IsFromFile">True when a file gave it: its strings are quoted or not, as YAML says.</param>
internal sealed record ParameterValue(YamlNode Node, bool IsFromFile)
{
    /// <summary>Collects the values of a file and of the command line; the latter win.</summary>
    public static Dictionary<string, ParameterValue> Collect(string? file, IReadOnlyList<string> assignments)
    {
        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        if (file is not null)
        {
            ReadFile(file, values);
        }

        foreach (var assignment in assignments)
        {
            if (assignment.IndexOf('=', StringComparison.Ordinal) is not (var at and > 0))
            {
                throw new RunInputException($"Parameter '{assignment}' is not of the form NAME=VALUE.");
            }

            var text = assignment[(at + 1)..];
            values[assignment[..at].Trim()] = new ParameterValue(FromText(text), false);
        }

        return values;
    }

    // [1, 2] on the command line is a list; everything else is the text as it stands, colons and all.
    private static YamlNode FromText(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            try
            {
                if (Parse(text) is YamlSequenceNode list)
                {
                    return list;
                }
            }
            catch (YamlException)
            {
                // Text that only looks like a list.
            }
        }

        return new YamlScalarNode(text);
    }

    private static YamlNode? Parse(string text)
    {
        // JSON is YAML.
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
    }

    private static void ReadFile(string file, Dictionary<string, ParameterValue> values)
    {
        YamlNode? root;
        try
        {
            root = Parse(File.ReadAllText(file));
        }
        catch (YamlException exception)
        {
            throw new RunInputException(
                $"Parameters file {file}, line {exception.Start.Line}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunInputException($"Parameters file {file} cannot be read: {exception.Message}", exception);
        }

        if (root is null or YamlScalarNode { Value: null or "" })
        {
            return;
        }

        if (root is not YamlMappingNode map)
        {
            throw new RunInputException($"Parameters file {file} must be a list of 'name: value'.");
        }

        foreach (var (key, value) in map.Children)
        {
            values[(key as YamlScalarNode)?.Value ?? ""] = new ParameterValue(value, true);
        }
    }
}
