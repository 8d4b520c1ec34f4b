using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote.Tests;

/// <summary>job.json: all of it arrives, and nothing that is wrong with it passes or ends in another error than ours.</summary>
public sealed class JobDescriptionTests
{
    private static readonly JsonSerializerOptions OnLines = new() { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void Every_field_arrives()
    {
        var job = Jobs.Full();
        var json = JobDescriptionFile.Write(job);
        var read = JobDescriptionFile.Read(json);
        Assert.Equal(json, JobDescriptionFile.Write(read));
        Assert.Equal((job.Id, job.Nonce, job.Created, job.Expires, job.Source, job.Resources.Walltime), (read.Id, read.Nonce, read.Created, read.Expires, read.Source, read.Resources.Walltime));
        Assert.Equal(job.Map, read.Map);
        Assert.Equal((job.Inputs[0].Arrays[0].Sha256, 180L), (read.Inputs[0].Arrays[0].Sha256, read.Inputs[0].Arrays[0].Shape.Single()));
        Assert.Equal(["angles"], read.Prelude[0].Inputs);
        Assert.Equal(job.Resources.Extra, read.Resources.Extra);
    }

    [Fact]
    public void It_is_one_line_without_blanks_and_without_what_is_empty()
    {
        var text = Encoding.UTF8.GetString(JobDescriptionFile.Write(Jobs.Full() with { Usings = [], Map = null }));
        Assert.StartsWith("""{"beamline":"0.1.0","created":"2026-03-01T12:00:00+00:00","device":"auto","expires":""", text);
        Assert.DoesNotContain("usings", text);
        Assert.DoesNotContain("map", text);
        Assert.DoesNotContain("\n", text);
        Assert.Contains("\"walltime\":90.5", text);
    }

    [Fact]
    public void An_unknown_field_is_named_with_its_line()
    {
        var json = Indented(o => o["resources"]!["nodez"] = 3);
        var error = Assert.Throws<EndpointException>(() => JobDescriptionFile.Read(json));
        Assert.Contains("nodez", error.Message);
        var line = Encoding.UTF8.GetString(json).Split('\n').TakeWhile(l => !l.Contains("nodez", StringComparison.Ordinal)).Count() + 1;
        Assert.Contains($"line {line}", error.Message);
    }

    [Fact]
    public void A_wrong_type_is_named_with_its_place()
    {
        var error = Assert.Throws<EndpointException>(() => JobDescriptionFile.Read(Indented(o => o["resources"]!["gpus"] = "many")));
        Assert.Contains("resources.gpus", error.Message);
        Assert.Contains("line ", error.Message);
    }

    [Theory]
    [InlineData("beamline.job/2")]
    [InlineData("")]
    public void Another_version_is_refused_before_its_fields_are(string schema)
    {
        var error = Assert.Throws<EndpointException>(() => JobDescriptionFile.Read(Indented(o => { o["schema"] = schema; o["new"] = 1; })));
        Assert.Contains("beamline.job/1", error.Message);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "id", "\"../../etc\"" }, { "id", "\"ABCDEF00112233445566778899AABBCC\"" }, { "nonce", "\"short\"" }, { "nonce", "\"has blanks and is long\"" },
        { "expires", "\"2020-01-01T00:00:00+00:00\"" }, { "source", "null" }, { "inputs", "[null]" }, { "inputs", "[{\"name\":\"a b\",\"type\":\"int\",\"codec\":\"json\"}]" },
        { "inputs", "[{\"name\":\"a\",\"type\":\"int\",\"codec\":\"json\",\"arrays\":[{\"dType\":\"<f4\",\"shape\":[-1],\"bytes\":4,\"sha256\":\"x\"}]}]" },
        { "inputs", "[{\"name\":\"angles\",\"type\":\"int\",\"codec\":\"json\",\"arrays\":[{\"dType\":\"<f4\",\"shape\":[1],\"bytes\":4,\"sha256\":\"../../../../etc/passwd\"}]}]" },
        { "resources", "{\"nodes\":-1}" }, { "resources", "{\"walltime\":-1}" }, { "resources", "{\"walltime\":1e300}" }, { "resources", "{\"after\":[\"../x\"]}" },
        { "map", "{\"name\":\"a\",\"type\":\"int\",\"resultType\":\"int\",\"count\":-1,\"function\":\"f\",\"items\":\"angles\"}" },
        { "map", "{\"name\":\"a\",\"type\":\"int\",\"resultType\":\"int\",\"count\":1,\"function\":\"f\",\"items\":\"nothing\"}" },
        { "packages", "[{\"id\":\"../x\",\"version\":\"1\",\"sha512\":\"\"}]" }, { "prelude", "[{\"label\":\"a\",\"code\":\"\",\"inputs\":[\"nothing\"]}]" },
        { "created", "\"yesterday\"" }, { "outputs", "[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"a\",\"type\":\"int\"}]" }, { "usings", "[null]" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_that_cannot_be_is_refused_by_name(string field, string value)
    {
        var error = Assert.Throws<EndpointException>(() => JobDescriptionFile.Read(Indented(o => o[field] = JsonNode.Parse(value))));
        Assert.Contains(field, error.Message);
    }

    [Fact]
    public void A_name_twice_is_refused()
    {
        var text = Encoding.UTF8.GetString(JobDescriptionFile.Write(Jobs.Full()));
        Assert.Throws<EndpointException>(() => JobDescriptionFile.Read(Encoding.UTF8.GetBytes(text.Replace("\"device\":\"auto\"", "\"device\":\"auto\",\"device\":\"gpu\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void Ten_thousand_damaged_jobs_give_our_error_or_none()
    {
        var good = JobDescriptionFile.Write(Jobs.Full());
        var random = new Random(11);
        var passed = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 4); change > 0 && bytes.Length > 0; change--)
            {
                var place = random.Next(bytes.Length);
                switch (random.Next(5))
                {
                    case 0: bytes[place] = (byte)random.Next(256); break;
                    case 1: bytes = [.. bytes[..place], .. bytes[Math.Min(bytes.Length, place + random.Next(1, 40))..]]; break;
                    case 2: bytes = [.. bytes[..place], .. "[{\"-0e9,}]\\u"u8[random.Next(12)..], .. bytes[place..]]; break;
                    case 3: bytes = bytes[..Math.Max(1, place)]; break;
                    default: bytes = [.. bytes[..place], .. bytes[random.Next(bytes.Length)..]]; break;
                }
            }

            try
            {
                var job = JobDescriptionFile.Read(bytes);
                _ = CanonicalJson.Of(bytes, "job.json");
                Assert.True(JobNames.IsHex(job.Id, 32));
                passed++;
            }
            catch (EndpointException)
            {
                // What it must be.
            }
        }

        // Changes within texts leave jobs that can be read: the reader is not just saying no.
        Assert.InRange(passed, 100, 5000);
    }

    private static byte[] Indented(Action<JsonObject> change)
    {
        var job = JsonNode.Parse(JobDescriptionFile.Write(Jobs.Full()))!.AsObject();
        change(job);
        return JsonSerializer.SerializeToUtf8Bytes(job, OnLines);
    }
}
