using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Remote.Tests;

/// <summary>Endpoints' files: what is wrong is told with file, line and field.</summary>
public sealed class EndpointFileTests
{
    private static readonly string Examples = Path.Combine(Root(), "kernels-config", "endpoints");

    [Theory]
    [InlineData("", "x.json, line 1: this is not JSON")]
    [InlineData("[]", "line 1: an endpoint's file is one object")]
    [InlineData("{\n \"kind\": \"http\",\n \"url\": \n}", "line 4: this is not JSON")]
    [InlineData("{\n \"url\": \"https://a\"\n}", "line 1: kind is missing: one of local, http, slurm.")]
    [InlineData("{\n \"kind\": \"slrum\"\n}", "line 2: kind cannot be 'slrum'. Did you mean slurm? Allowed: local, http, slurm.")]
    [InlineData("{\n \"kind\": 3\n}", "line 2: kind cannot be '3'.")]
    [InlineData("{\n \"kind\": \"http\"\n}", "line 2: url is missing")]
    [InlineData("{\n \"kind\": \"http\",\n \"url\": \"ftp://a\"\n}", "line 3: url must be an address")]
    [InlineData("{\n \"kind\": \"http\",\n \"url\": \"https://me:secret@a\"\n}", "line 3: url must be an address as https://HOST:PORT or unix:/PATH, without a name or password in it")]
    [InlineData("{\n \"kind\": \"local\",\n\n \"walltime\": \"10 minutes\"\n}", "line 4: walltime must be hh:mm:ss, not \"10 minutes\".")]
    [InlineData("{\n \"kind\": \"local\",\n \"walltime\": \"00:61:00\"\n}", "line 3: walltime must be hh:mm:ss")]
    [InlineData("{\n \"kind\": \"local\",\n \"walltime\": \"00:00:00\"\n}", "line 3: walltime must be hh:mm:ss")]
    [InlineData("{\n \"kind\": \"slurm\",\n \"nodes\": -1\n}", "line 3: nodes must be a whole number from 0, not -1.")]
    [InlineData("{\n \"kind\": \"local\",\n \"askAbove\": \"64\"\n}", "line 3: askAbove must be a size with its unit, for instance \"64 GiB\", not \"64\".")]
    [InlineData("{\n \"kind\": \"local\",\n \"partition\": \"gpu\"\n}", "line 3: partition means nothing for an endpoint of kind local.")]
    [InlineData("{\n \"kind\": \"http\",\n \"url\": \"https://a\",\n \"tokenFiel\": \"t\"\n}", "line 4: there is no field tokenFiel. Did you mean tokenFile?")]
    [InlineData("{\n \"kind\": \"http\",\n \"token\": \"abc\"\n}", "line 3: token: no secret belongs in this file.")]
    [InlineData("{\n \"kind\": \"http\",\n \"url\": \"https://a\",\n \"tokenFile\": \"t\",\n \"tokenVariable\": \"T\"\n}", "line 5: tokenFile and tokenVariable both name a token")]
    [InlineData("{\n \"kind\": \"local\",\n \"description\": \"a\",\n \"description\": \"b\"\n}", "line 4: description stands here a second time (first in line 3)")]
    [InlineData("{\n \"kind\": \"slurm\",\n \"extra\": \"--a\"\n}", "line 3: extra must be a list of lines of text")]
    [InlineData("{\n \"kind\": \"slurm\",\n \"via\": \"ssh\"\n}", "line 3: via must be an object")]
    public void Wrong(string text, string message)
    {
        var error = Assert.Throws<EndpointException>(() => EndpointFileReader.Parse("/a/x.json", Encoding.UTF8.GetBytes(text)));
        Assert.StartsWith("x.json, line ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_a_last_comma_are_allowed_and_lines_are_counted_past_them()
    {
        var file = EndpointFileReader.Parse("/a/x.json", "\uFEFF// mine\n{ \"kind\": \"local\", /* two\nlines */ \"walltime\": \"1-02:03:04\", }"u8.ToArray());
        Assert.Equal(new TimeSpan(1, 2, 3, 4), file.Walltime);
        var error = Assert.Throws<EndpointException>(() => EndpointFileReader.Parse("/a/x.json", "// mine\n{ \"kind\": \"local\", /* two\nlines */ \"walltime\": 3 }"u8.ToArray()));
        Assert.StartsWith("x.json, line 3: walltime", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_cell_does_not_ask_for_comes_from_the_file()
    {
        var file = EndpointFileReader.Parse("/a/x.json", """{ "kind": "slurm", "workFolder": "/w", "walltime": "00:10:00", "memory": "2 GiB", "gpus": 1, "nodes": 2 }"""u8.ToArray());
        var asked = file.WithDefaults(new JobResources { Nodes = 3, Walltime = TimeSpan.FromMinutes(1) });
        Assert.Equal((3, 1, 2L << 30, TimeSpan.FromMinutes(1)), (asked.Nodes, asked.Gpus, asked.MemoryBytes, asked.Walltime));
        Assert.Equal(TimeSpan.FromMinutes(10), file.WithDefaults(new JobResources()).Walltime);
        Assert.Equal(["workFolder"], file.OfKind().Select(f => f.Key));
    }

    [Theory]
    [InlineData("64 GiB", 64L << 30)]
    [InlineData("64G", 64L << 30)]
    [InlineData("1.5MB", 1_500_000L)]
    [InlineData("3 b", 3L)]
    public void Sizes(string text, long bytes) => Assert.Equal(bytes, EndpointText.Memory(text));

    [Theory]
    [InlineData("64")]
    [InlineData("-1 GiB")]
    [InlineData("GiB")]
    [InlineData("1e30 TiB")]
    public void No_sizes(string text) => Assert.Null(EndpointText.Memory(text));

    [Fact]
    public void The_schema_says_what_the_reader_checks()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Examples, "endpoint.schema.json")))!;
        var properties = schema["properties"]!.AsObject();
        Assert.Equal(EndpointFields.All.Select(f => f.Name).Append("$schema").Order(), properties.Select(p => p.Key).Order());
        Assert.Equal(EndpointFields.Kinds, properties["kind"]!["enum"]!.AsArray().Select(k => (string)k!));
        foreach (var field in EndpointFields.All)
        {
            var type = (string?)properties[field.Name]!["type"];
            Assert.Equal(field.Kind switch { EndpointValueKind.Count => "integer", EndpointValueKind.Flag => "boolean", EndpointValueKind.Texts => "array", EndpointValueKind.Part => "object", _ => "string" }, type);
            Assert.Equal(field.Summary, (string?)properties[field.Name]!["description"]);
        }

        foreach (var kind in EndpointFields.Kinds)
        {
            var rule = schema["allOf"]!.AsArray().Single(r => (string?)r!["if"]!["properties"]!["kind"]?["const"] == kind)!;
            var refused = rule["then"]!["properties"]!.AsObject().Where(p => p.Value!.GetValueKind() == JsonValueKind.False).Select(p => p.Key);
            Assert.Equal(EndpointFields.All.Where(f => !f.IsOf(kind)).Select(f => f.Name).Order(), refused.Order());
        }
    }

    [Fact]
    public void The_examples_are_right()
    {
        var found = Directory.GetFiles(Examples, "*.json").Where(p => !p.EndsWith(".schema.json", StringComparison.Ordinal)).ToArray();
        Assert.Contains(found, p => p.EndsWith("local.json", StringComparison.Ordinal));
        Assert.Contains(found, p => p.EndsWith("http.json", StringComparison.Ordinal));
        var properties = JsonNode.Parse(File.ReadAllText(Path.Combine(Examples, "endpoint.schema.json")))!["properties"]!;
        foreach (var path in found)
        {
            var file = EndpointFileReader.Read(path);
            foreach (var (name, value) in file.Settings)
            {
                var rule = properties[name]!;
                Assert.True(rule["pattern"] is not { } pattern || Regex.IsMatch((string)value!, (string)pattern!), $"{path}: {name}");
                Assert.True(rule["enum"] is not JsonArray allowed || allowed.Any(a => (string)a! == (string)value!), $"{path}: {name}");
            }

            Assert.Equal("endpoint.schema.json", (string?)JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["$schema"]);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
