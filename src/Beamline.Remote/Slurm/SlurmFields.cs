using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beamline.Notebook;

namespace Beamline.Remote.Slurm;

/// <summary>Reads fields of JSON, and says which one is wrong.</summary>
internal sealed partial class SlurmFields(JsonObject json, string prefix)
{
    private readonly HashSet<string> _known = [];

    public string? Text(string name)
    {
        if (Node(name) is not { } node)
        {
            return null;
        }

        var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Wrong(name, "is no text");
        return text.Length == 0 ? throw Wrong(name, "is empty; leave it out instead") : OneLine(name, text);
    }

    /// <summary>A name as Slurm has them: no spaces, no quotes.</summary>
    public string? Word(string name)
    {
        var text = Text(name);
        return text is null || IsWord(text) ? text : throw Wrong(name, $"is \"{text}\": letters, digits and . _ - + @ , : only, and no - in front");
    }

    /// <summary>The name of an environment variable. What is a secret itself is not taken, and not repeated.</summary>
    public string? Variable(string name)
    {
        var text = Text(name);
        return text is null || VariablePattern().IsMatch(text) ? text : throw Wrong(name, "must be the name of an environment variable, for instance \"SLURM_JWT\": the secret itself does not belong in this file");
    }

    /// <summary>A version as slurmrestd has it in its addresses.</summary>
    public string? Version(string name)
    {
        var text = Text(name);
        return text is null || VersionPattern().IsMatch(text) ? text : throw Wrong(name, $"is \"{text}\": as slurmrestd writes it, for instance \"v0.0.38\"");
    }

    public string Folder(string name)
    {
        var text = Text(name) ?? throw new EndpointException(
            $"The field {prefix}{name} is missing: a folder of yours on the file system that the nodes of the cluster share, for instance \"/scratch/me/beamline\".");
        return text.StartsWith('/') ? text.Length > 1 ? text.TrimEnd('/') : text
            : throw Wrong(name, $"is \"{text}\": a whole path, from /, as the nodes call it");
    }

    public IReadOnlyList<string>? Lines(string name)
    {
        if (Node(name) is not { } node)
        {
            return null;
        }

        var list = node as JsonArray ?? throw Wrong(name, "is no list of texts");
        return [.. list.Select(e => e?.GetValueKind() == JsonValueKind.String
            ? OneLine(name, e.GetValue<string>())
            : throw Wrong(name, "is no list of texts"))];
    }

    public double Number(string name, double usual, double least, double most)
    {
        if (Node(name) is not { } node)
        {
            return usual;
        }

        var number = node.GetValueKind() == JsonValueKind.Number ? node.GetValue<JsonElement>().GetDouble() : throw Wrong(name, "is no number");
        return number >= least && number <= most ? number : throw Wrong(name, $"is {number}; from {least} to {most} is possible");
    }

    public T Choice<T>(string name, params (string Word, T Value)[] choices)
    {
        if (Text(name) is not { } text)
        {
            return choices[0].Value;
        }

        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        var words = choices.Select(c => c.Word).ToList();
        throw Wrong(name, $"is \"{text}\"; there are {string.Join(", ", words)}.{Suggestion.DidYouMean(text, words)}");
    }

    public SlurmFields? Part(string name) => Node(name) switch
    {
        null => null,
        JsonObject part => new SlurmFields(part, prefix + name + "."),
        _ => throw Wrong(name, "is no object"),
    };

    /// <summary>A field that nobody asked for is a slip of the pen.</summary>
    public void NothingElse(params string[] others)
    {
        if (json.Select(p => p.Key).FirstOrDefault(k => !_known.Contains(k) && !others.Contains(k)) is { } key)
        {
            throw new EndpointException($"There is no field {prefix}{key}.{Suggestion.DidYouMean(key, _known, prefix)}");
        }
    }

    public static bool IsWord(string text) => WordPattern().IsMatch(text);

    private JsonNode? Node(string name)
    {
        _known.Add(name);
        return json[name] is { } node
            ? node is JsonValue value && value.GetValueKind() != JsonValueKind.Null && !value.TryGetValue<JsonElement>(out _)
                ? JsonNode.Parse(value.ToJsonString())
                : node
            : null;
    }

    private string OneLine(string name, string text) => text.Any(char.IsControl)
        ? throw Wrong(name, "has a line break or another control character in it: each text is one line")
        : text;

    private EndpointException Wrong(string name, string what) => new($"The field {prefix}{name} {what}{(what.EndsWith('.') || what.EndsWith('?') ? "" : ".")}");

    [GeneratedRegex(@"^[A-Za-z0-9_.+@][A-Za-z0-9_.,:+@-]*\z")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"^v[0-9]+\.[0-9]+\.[0-9]+\z")]
    private static partial Regex VersionPattern();
}
