using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>Reads and checks an endpoint's file; errors name the file, the line and the field.</summary>
internal static class EndpointFileReader
{
    /// <exception cref="EndpointException">The file is not as it must be.</exception>
    public static EndpointFile Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"{path} cannot be read: {e.Message}", e);
        }

        return Parse(path, bytes);
    }

    internal static EndpointFile Parse(string path, byte[] bytes)
    {
        var file = Path.GetFileName(path);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var settings = new JsonObject();
        try
        {
            foreach (var (name, value, line) in Fields(file, bytes))
            {
                if (!lines.TryAdd(name, line))
                {
                    throw Wrong(file, line, $"{name} stands here a second time (first in line {lines[name]}): leave one of them out.");
                }

                settings[name] = value;
            }
        }
        catch (JsonException e)
        {
            var said = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var at and > 0 ? e.Message[..at] : e.Message;
            throw Wrong(file, (int)(e.LineNumber ?? 0) + 1, $"this is not JSON: {said}");
        }

        settings.Remove("$schema");
        lines.Remove("$schema");
        if (!lines.TryGetValue("kind", out var kindLine))
        {
            throw Wrong(file, 1, $"kind is missing: one of {string.Join(", ", EndpointFields.Kinds)}.");
        }

        if ((settings["kind"] as JsonValue)?.TryGetValue(out string? kind) != true || !EndpointFields.Kinds.Contains(kind!))
        {
            var written = settings["kind"]?.ToString() ?? "null";
            throw Wrong(file, kindLine, $"kind cannot be '{written}'.{Suggestion.DidYouMean(written, EndpointFields.Kinds)} Allowed: {string.Join(", ", EndpointFields.Kinds)}.");
        }

        foreach (var (name, line) in lines)
        {
            Check(file, line, name, settings[name], kind!);
        }

        CheckTogether(file, lines, settings, kind!);
        var read = new EndpointFile(Path.GetFileNameWithoutExtension(path), kind!, path, settings);
        try
        {
            EndpointKinds.Check(read);
        }
        catch (EndpointException e)
        {
            // It knows fields, not lines.
            var named = lines.Keys.Where(n => Regex.IsMatch(e.Message, $@"\bfields? {Regex.Escape(n)}\b")).Select(n => lines[n]).FirstOrDefault(kindLine);
            throw Wrong(file, named, e.Message);
        }

        return read;
    }

    private static void Check(string file, int line, string name, JsonNode? value, string kind)
    {
        if (EndpointFields.Secrets.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw Wrong(file, line, $"{name}: no secret belongs in this file. Put it into a file that only you can read and name that file (tokenFile), or name an environment variable (tokenVariable).");
        }

        var known = EndpointFields.All.FirstOrDefault(f => f.Name == name);
        if (known is null || !known.IsOf(kind))
        {
            var names = EndpointFields.All.Where(f => f.IsOf(kind)).Select(f => f.Name).ToArray();
            throw Wrong(file, line, (known is null
                ? $"there is no field {name}.{Suggestion.DidYouMean(name, names)}"
                : $"{name} means nothing for an endpoint of kind {kind}.") + $" Fields: {string.Join(", ", names)}.");
        }

        var text = (value as JsonValue)?.TryGetValue(out string? s) == true ? s : null;
        var good = known.Kind switch
        {
            EndpointValueKind.Count => (value as JsonValue)?.TryGetValue(out int n) == true && n >= 0,
            EndpointValueKind.Flag => value is not null && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            EndpointValueKind.Texts => value is JsonArray list && list.All(t => t is JsonValue v && v.TryGetValue(out string? line1) && line1.Length > 0 && !line1.Contains('\n', StringComparison.Ordinal)),
            EndpointValueKind.Part => value is JsonObject,
            EndpointValueKind.Walltime => text is not null && EndpointText.Walltime(text) is not null,
            EndpointValueKind.Memory => text is not null && EndpointText.Memory(text) is not null,
            EndpointValueKind.Url => text is not null && IsUrl(text),
            EndpointValueKind.Variable => text is { Length: > 0 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(text[0]),
            _ => !string.IsNullOrWhiteSpace(text) && !text.Contains('\n', StringComparison.Ordinal),
        };
        if (!good)
        {
            throw Wrong(file, line, $"{name} must be {Expected(known.Kind)}, not {value?.ToJsonString() ?? "null"}.");
        }
    }

    private static void CheckTogether(string file, Dictionary<string, int> lines, JsonObject settings, string kind)
    {
        if (kind == "http" && !lines.ContainsKey("url"))
        {
            throw Wrong(file, lines["kind"], "url is missing: an endpoint of kind http needs it, for instance \"https://cluster.example.org:8443\".");
        }

        if (lines.ContainsKey("tokenFile") && lines.TryGetValue("tokenVariable", out var second))
        {
            throw Wrong(file, second, "tokenFile and tokenVariable both name a token: leave one of them out.");
        }
    }

    private static bool IsUrl(string text) =>
        text.StartsWith("unix:/", StringComparison.Ordinal) ||
        (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0);

    private static string Expected(EndpointValueKind kind) => kind switch
    {
        EndpointValueKind.Count => "a whole number from 0",
        EndpointValueKind.Flag => "true or false",
        EndpointValueKind.Texts => "a list of lines of text, [\"...\", \"...\"]",
        EndpointValueKind.Part => "an object, { ... }",
        EndpointValueKind.Walltime => "hh:mm:ss",
        EndpointValueKind.Memory => "a size with its unit, for instance \"64 GiB\"",
        EndpointValueKind.Url => "an address as https://HOST:PORT or unix:/PATH, without a name or password in it",
        EndpointValueKind.Variable => "the name of an environment variable",
        _ => "a line of text",
    };

    private static EndpointException Wrong(string file, int line, string what) => new($"{file}, line {line}: {what}");

    private static List<(string Name, JsonNode? Value, int Line)> Fields(string file, byte[] bytes)
    {
        // A reader is a ref struct and cannot live in an iterator, so all is read first.
        var found = new List<(string Name, JsonNode? Value, int Line)>();
        var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
        var reader = new Utf8JsonReader(bytes.AsSpan(start), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong(file, 1, "an endpoint's file is one object: { \"kind\": ..., ... }.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var line = 1 + bytes.AsSpan(start, (int)reader.TokenStartIndex).Count((byte)'\n');
            reader.Read();
            found.Add((name, JsonNode.Parse(ref reader), line));
        }

        while (reader.Read())
        {
        }

        return found;
    }
}
