using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Beamline.Remote.Tests;

/// <summary>The canonical form against RFC 8785, and against a JavaScript engine, whose way to write numbers and text it prescribes.</summary>
public sealed class CanonicalJsonTests
{
    /// <summary>Appendix B of RFC 8785.</summary>
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Numbers_of_the_RFC(ulong bits, string expected) => Assert.Equal(expected, CanonicalJson.Number(BitConverter.UInt64BitsToDouble(bits)));

    /// <summary>Section 3.2.2 to 3.2.4 of RFC 8785.</summary>
    [Fact]
    public void The_example_of_the_RFC()
    {
        const string Json = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string Expected = """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""";
        Assert.Equal(Expected, Canonical(Json));
    }

    [Fact]
    public void Names_are_sorted_by_their_UTF16_units()
    {
        var sorted = Canonical("""{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}""");
        Assert.Equal("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}", sorted);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":9007199254740993}""")]
    [InlineData("""{"a":1e400}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("")]
    public void What_two_readers_would_understand_differently_is_refused(string json) => Assert.Throws<EndpointException>(() => Canonical(json));

    [Fact]
    public void Deep_JSON_is_refused_and_does_not_end_the_process()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);
        Assert.Throws<EndpointException>(() => Canonical(deep));
    }

    [Fact]
    public void JavaScript_writes_the_same()
    {
        const string Program = "/usr/bin/node";
        Assert.SkipUnless(File.Exists(Program), "node is not installed: sudo apt-get install nodejs");
        var random = new Random(5);
        var values = Enumerable.Range(0, 3000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite)
            .Concat(Enumerable.Range(0, 3000).Select(i => Math.Round(random.NextDouble() * Math.Pow(10, random.Next(-9, 25)), random.Next(0, 15))))
            .ToArray();
        var texts = Enumerable.Range(0, 500).Select(_ => new string([.. Enumerable.Range(0, 8).Select(_ => (char)random.Next(0, 0xd7ff))])).ToArray();
        var input = JsonSerializer.Serialize(new { values, texts });
        var start = new ProcessStartInfo(Program)
        {
            ArgumentList = { "-e", "process.stdout.write(JSON.stringify(((o) => ({ texts: o.texts, values: o.values }))(JSON.parse(require('fs').readFileSync(0, 'utf8')))))" },
            RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8, StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var theirs = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(theirs, Canonical(input));
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json), "x"));
}
