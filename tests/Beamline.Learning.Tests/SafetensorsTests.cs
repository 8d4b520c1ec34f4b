using System.Buffers.Binary;
using System.Text;

namespace Beamline.Learning.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Path => System.IO.Path.Combine(_folder, "a.safetensors");

    [Fact]
    public void What_is_written_is_read()
    {
        SafetensorsFile.Write(
            Path, new Dictionary<string, NamedTensor> { ["b"] = new([2, 1], [1, -2]), ["a"] = new([], [0.5f]), ["empty"] = new([0, 3], []) },
            new Dictionary<string, string> { ["note"] = "<b>ü</b>" });
        var (tensors, texts) = SafetensorsFile.Read(Path);
        Assert.Equal(["a", "b", "empty"], tensors.Keys.Order());
        Assert.Equal([1, -2], tensors["b"].Values);
        Assert.Equal([2L, 1L], tensors["b"].Shape);
        Assert.Equal("<b>ü</b>", texts["note"]);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Its_bytes_are_those_of_the_format()
    {
        SafetensorsFile.Write(Path, new Dictionary<string, NamedTensor> { ["w"] = new([2], [1, 2]) });
        var bytes = File.ReadAllBytes(Path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd());
        Assert.Equal(1f, BitConverter.ToSingle(bytes, 8 + length));
        Assert.Equal(8 + length + 8, bytes.Length);
    }

    [Theory]
    [InlineData("F64", "000000000000F03F", 1.0f)]
    [InlineData("F16", "003E", 1.5f)]
    [InlineData("BF16", "2040", 2.5f)]
    public void Other_element_types_are_read(string type, string hex, float expected)
    {
        var value = Convert.FromHexString(hex);
        Make($$$"""{"w":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{value.Length}}}]}}""", value);
        Assert.Equal(expected, SafetensorsFile.Read(Path).Tensors["w"].Values[0]);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", "elements of type I8")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "cut off inside w: 8 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "do not hold [2] of F32")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "an edge of -1")]
    [InlineData("""{"w":{"dtype":"F32","shape":[9000000000000000000,9],"data_offsets":[0,4]}}""", "cannot be read")]
    [InlineData("""{"w":{"shape":[1]}}""", "cannot be read")]
    [InlineData("""{"w":""", "cannot be read")]
    public void Damaged_files_are_named(string header, string expected)
    {
        Make(header, [0, 0, 0, 0]);
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(Path)).Message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        File.WriteAllText(Path, "hello, this is text");
        Assert.Contains("no safetensors file", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(Path)).Message);
        File.WriteAllBytes(Path, [100, 0, 0, 0, 0, 0, 0, 0, (byte)'{']);
        Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(Path)).Message);
        File.WriteAllBytes(Path, [1, 2]);
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(Path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Make(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(Path, [.. length, .. text, .. data]);
    }
}
