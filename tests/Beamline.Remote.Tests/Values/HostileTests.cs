using System.Text;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote.Tests;

/// <summary>Values that somebody made up: each ends in our error, quickly and without much memory.</summary>
public sealed class HostileTests : IDisposable
{
    private readonly Journey _journey = new();

    public void Dispose() => _journey.Dispose();

    [Theory]
    [InlineData("int[]", """{"$type":"int","$value":1}""")]
    [InlineData("int[]", """{"$type":["[]","double"],"$value":[1]}""")]
    [InlineData("int[]", """[1,2.5]""")]
    [InlineData("int[]", """["x"]""")]
    [InlineData("int[]", """[null]""")]
    [InlineData("int[]", """{"$codec":"array","$value":{"element":"int","array":0}}""")]
    [InlineData("int[]", """{"$codec":"array","$value":{"element":"int","array":-1}}""")]
    [InlineData("int[]", """{"$codec":"none","$value":1}""")]
    [InlineData("int[]", """{"$codec":"volume","$value":{}}""")]
    [InlineData("int[]", """{"$file":0}""")]
    [InlineData("int[,]", """{"lengths":[100000,100000],"items":[]}""")]
    [InlineData("int[,]", """{"lengths":[4611686018427387904,4],"items":[]}""")]
    [InlineData("int[,]", """{"lengths":[-1,-1],"items":[1]}""")]
    [InlineData("int[,]", """{"lengths":[1],"items":[1]}""")]
    [InlineData("int[,]", """[[1]]""")]
    [InlineData("object", """{"$type":"System.Diagnostics.Process, System.Diagnostics.Process","$value":{}}""")]
    [InlineData("object", """{"$type":"System.IO.FileInfo, System.Private.CoreLib","$value":{}}""")]
    [InlineData("object", """{"$type":"object","$value":{}}""")]
    [InlineData("object", """{"$type":["[]","nothing"],"$value":[]}""")]
    [InlineData("object", """{"$type":["List`1"],"$value":[]}""")]
    [InlineData("object", """{"$type":["List`1","int","int"],"$value":[]}""")]
    [InlineData("object", """{"$type":["[]]]]]","int"],"$value":[]}""")]
    [InlineData("object", """{"$type":7,"$value":[]}""")]
    [InlineData("object", """{"$type":"int"}""")]
    [InlineData("object", """{"$type":"Beamline.Remote.JobSigner, Beamline.Remote","$value":{}}""")]
    [InlineData("object", """{"$type":"Beamline.Arrays.Volume, Beamline.Arrays","$value":{}}""")]
    [InlineData("object", """{"$type":"Beamline.Arrays.Image, Beamline.Arrays","$value":{"RowCount":9,"ColumnCount":9}}""")]
    [InlineData("object", "5")]
    [InlineData("dictionary", """[["a",1],["a",2]]""")]
    [InlineData("dictionary", """[["a"]]""")]
    [InlineData("dictionary", """[[null,1]]""")]
    [InlineData("dictionary", """{"comparer":"own","items":[]}""")]
    [InlineData("point", """{"X":1}""")]
    [InlineData("point", """{"X":1,"Y":2,"Label":"","Z":3}""")]
    [InlineData("point", """{"X":1,"Y":2,"Label":3}""")]
    [InlineData("point", """[1,2]""")]
    [InlineData("tuple", """[1]""")]
    [InlineData("decimal", "\"bits,1,2,3,2147483647\"")]
    [InlineData("decimal", "\"1e999999999\"")]
    [InlineData("index", "\"^-1\"")]
    [InlineData("range", "\"1\"")]
    [InlineData("time", "\"\"")]
    [InlineData("guid", "\"x\"")]
    [InlineData("enum", "\"One\"")]
    [InlineData("geometry", """{"$codec":"geometry","$value":{"kind":"parallel","columnCount":-4,"imageSize":5,"angles":[1],"axis":{"Column":1,"Method":"","UncertaintyPixels":null,"Warnings":[]}}}""")]
    public void Json(string type, string json)
    {
        var wanted = type switch
        {
            "int[]" => typeof(int[]), "int[,]" => typeof(int[,]), "dictionary" => typeof(Dictionary<string, int>), "point" => typeof(Point), "tuple" => typeof((int, int)),
            "decimal" => typeof(decimal), "index" => typeof(Index), "range" => typeof(Range), "time" => typeof(DateTime), "guid" => typeof(Guid), "enum" => typeof(Small),
            "geometry" => typeof(Geometry), _ => typeof(object),
        };
        var value = new JobValue("x", type, "json") { Json = JsonNode.Parse(json) };
        Assert.Contains("'x'", Assert.Throws<EndpointException>(() => _journey.Unpack(value, wanted)).Message);
    }

    public static TheoryData<string> Shapes => ["(-1,)", "(9223372036854775807, 9223372036854775807)", "(4294967296, 4294967296)", "(0, 9223372036854775807, 9223372036854775807)", "(1000000000,)", "(2, 3)", "(1e3,)", "(True,)", "()", "((1,),)", "(99999999999999999999,)"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Shapes_that_no_array_has(string shape)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n");
        Check([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[16]], [4]);
    }

    [Fact]
    public void Files_that_are_no_arrays()
    {
        Check([], [4]);
        Check([1, 2, 3], [4]);
        Check([0x93, .. "NUMPY"u8, 9, 0, 10, 0, .. new byte[20]], [4]);
        Check([0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0x7f, .. new byte[20]], [4]);
        var good = (byte[])[.. NpyFile.Header("<f4", [4]), .. new byte[16]];
        Check(good, [5]);
        Check(good[..^1], [4]);
        Check([.. good, 0], [4]);
        Check([.. NpyFile.Header("<f8", [4]), .. new byte[32]], [4]);
        Check([.. NpyFile.Header("<U4", [4]), .. new byte[64]], [4]);
        Check([.. NpyFile.Header("|O8", [4]), .. new byte[32]], [4]);
        Assert.Contains("neither true nor false", Check([.. NpyFile.Header("|b1", [4]), 1, 0, 2, 1], [4], "bool", "|b1"));
        var path = _journey.Folder.File("short");
        File.WriteAllBytes(path, good);
        var value = Value(good.Length + 1, [4], "float", "<f4");
        Assert.Contains("fetch it again", Assert.Throws<EndpointException>(() => _journey.Codecs.Decode(value, typeof(float[]), _ => path)).Message);
        Assert.Contains("cannot be read", Assert.Throws<EndpointException>(() => _journey.Codecs.Decode(value, typeof(float[]), _ => path + "er")).Message);
    }

    [Fact]
    public void A_volume_with_the_file_of_another_shape()
    {
        var packed = _journey.Pack(new Volume(2, 3, 4));
        var flat = packed with { Arrays = [_journey.Pack(new float[24 * 10]).Arrays[0]] };
        Assert.Contains("axes", Assert.Throws<EndpointException>(() => _journey.Unpack(flat, typeof(Volume))).Message);
        var live = ArrayMemory.LiveNativeBytes;
        var stack = _journey.Pack<ProjectionStack>(new MemoryProjectionStack([1, 2], 3, 4));
        stack.Json!["angles"] = new JsonArray(1, 2, 3);
        Assert.Contains("3 angles", Assert.Throws<EndpointException>(() => _journey.Unpack(stack, typeof(ProjectionStack))).Message);
        stack.Json!["angles"] = new JsonArray(1, "NaN");
        Assert.Contains("finite", Assert.Throws<EndpointException>(() => _journey.Unpack(stack, typeof(ProjectionStack))).Message);
        Assert.True(ArrayMemory.LiveNativeBytes <= live + 96);
    }

    [Fact]
    public void Types_with_a_codec_do_not_arrive_field_by_field()
    {
        var value = new JobValue("x", "Volume", "json") { Json = new JsonObject { ["$type"] = "Beamline.Arrays.Volume, Beamline.Arrays", ["$value"] = new JsonObject() } };
        Assert.Contains("through its codec", Assert.Throws<EndpointException>(() => _journey.Unpack(value, typeof(object))).Message);
        Assert.Contains("through its codec", Assert.Throws<EndpointException>(() => _journey.Unpack(value with { Json = new JsonObject() }, typeof(Volume))).Message);
    }

    [Fact]
    public void A_value_for_another_type_says_both()
    {
        var message = Assert.Throws<EndpointException>(() => _journey.Unpack(_journey.Pack(new float[100]), typeof(double[]))).Message;
        Assert.Contains("float[] arrived and double[] is wanted", message);
    }

    [Fact]
    public void Thousands_of_damaged_values_give_our_error_or_a_value()
    {
        var node = new Node { Number = 3, Weights = [1, 2, double.NaN], Children = [new Node { Notes = { ["a"] = 1.5f, ["b"] = new List<int> { 1 }, ["d"] = new Disc(new(1, 2), 3) } }] };
        var good = JobJson.Write(_journey.Codecs.Encode("x", "Node", typeof(Node), node, _journey.Store).Value);
        var random = new Random(1);
        var read = 0;
        for (var round = 0; round < 4000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 3); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"0123456789\"[]{},:$abct-."[random.Next(24)];
            }

            try
            {
                _journey.Unpack(JobJson.Read<JobValue>(bytes, "x"), typeof(Node));
                read++;
            }
            catch (EndpointException)
            {
                // What it must be.
            }
        }

        Assert.InRange(read, 50, 3500);
    }

    private static JobValue Value(long bytes, long[] shape, string element, string dType) => new("x", "T", "array")
    {
        Json = new JsonObject { ["element"] = element, ["array"] = 0 }, Arrays = [new JobArray(dType, shape, bytes, new string('0', 64))],
    };

    private string Check(byte[] file, long[] shape, string element = "float", string dType = "<f4")
    {
        var path = _journey.Folder.File("hostile.npy");
        File.WriteAllBytes(path, file);
        return Assert.Throws<EndpointException>(() => _journey.Codecs.Decode(Value(file.Length, shape, element, dType), typeof(object), _ => path)).Message;
    }
}
