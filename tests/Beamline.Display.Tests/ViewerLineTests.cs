using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beamline.Arrays;
using Beamline.Display.Tests.Widgets;
using Beamline.Display.Widgets;
using Beamline.Notebook;

namespace Beamline.Display.Tests;

/// <summary>Questions of viewers that come through a text field, and answers that go out as HTML.</summary>
[Collection("Live arrays")]
public sealed partial class ViewerLineTests : IDisposable
{
    private readonly FakeHost _host = new();
    private readonly Volume _volume = new(3, 4, 5);
    private readonly IDisposable _notebook;

    public ViewerLineTests()
    {
        _notebook = NotebookHost.Use(_host);
        ViewerLine.Open();
        new WidgetFormatter().Format(_host.Shown[0]!);
    }

    public void Dispose()
    {
        LiveArrays.IsListening = false;
        _notebook.Dispose();
        _volume.Dispose();
    }

    [Fact]
    public void A_question_gets_the_values_and_hostile_ones_an_error_as_text()
    {
        _volume[1, 2, 3] = 42;
        var id = LiveArrays.Add([_volume])!;
        var (n, reply, bytes) = Ask($$$"""{"n":5,"id":"{{{id}}}","ask":{"do":"plane","seq":9,"normal":0,"rows":1,"columns":2,"index":1,"from":[2,3],"to":[3,4],"step":1}}""");
        Assert.Equal(("5", 9, 42f), (n, (int)reply["seq"]!, MemoryMarshal.Cast<byte, float>(bytes)[0]));

        (n, reply, bytes) = Ask("""{"n":6,"id":"\"><script>alert(1)</script>","ask":{"do":"hello","seq":"<b>"}}""");
        Assert.Equal(("6", "<b>", 0), (n, (string?)reply["seq"], bytes.Length));
        Assert.Contains("no longer in memory", (string?)reply["error"], StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", Html, StringComparison.Ordinal);
        GC.KeepAlive(_volume);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("5")]
    [InlineData("""{"n":"x","ask":{}}""")]
    [InlineData("""{"n":1,"ask":"plane"}""")]
    [InlineData("""{"n":1}""")]
    public void What_is_no_question_gets_no_answer(string typed)
    {
        _host.Of("TextModel").Update("value", typed);
        Assert.Empty(_host.Of("HTMLModel").Sent);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public void The_script_names_the_field_and_loads_nothing()
    {
        var script = (string)((MimeBundle)_host.Shown[1]!).Parts["text/html"];
        Assert.Contains((string)_host.Of("TextModel").State["placeholder"]!, script, StringComparison.Ordinal);
        Assert.DoesNotContain("http", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_front_end_it_says_so()
    {
        _host.HasFrontEnd = false;
        Assert.Contains("No front end", Assert.Throws<InvalidOperationException>(ViewerLine.Open).Message, StringComparison.Ordinal);
        using var none = NotebookHost.Use(null);
        Assert.Throws<InvalidOperationException>(ViewerLine.Open);
    }

    private string Html => (string)_host.Of("HTMLModel").Sent[^1].Data["state"]!["value"]!;

    private (string Number, JsonObject Reply, byte[] Bytes) Ask(string question)
    {
        _host.Of("TextModel").Update("value", question);
        var parts = Answer().Match(Html);
        return (parts.Groups[1].Value, JsonNode.Parse(WebUtility.HtmlDecode(parts.Groups[2].Value))!.AsObject(), Convert.FromBase64String(parts.Groups[3].Value));
    }

    [GeneratedRegex("^<span data-beamline-line=\"[^\"]*\" data-n=\"(\\d+)\" data-reply=\"([^\"]*)\">([^<]*)</span>$")]
    private static partial Regex Answer();
}
