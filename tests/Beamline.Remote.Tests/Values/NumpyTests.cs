using System.Diagnostics;
using System.Numerics;

namespace Beamline.Remote.Tests;

/// <summary>numpy reads our files, and we read numpy's.</summary>
public sealed class NumpyTests : IDisposable
{
    private const string Interpreter = "/usr/bin/python3";

    private readonly Journey _journey = new();

    public void Dispose() => _journey.Dispose();

    [Fact]
    public void Numpy_reads_what_we_write()
    {
        var lines = new List<string>();
        foreach (var number in NumberType.All)
        {
            var array = Array.CreateInstance(number.Type, 7, 11);
            for (var i = 0; i < 77; i++)
            {
                array.SetValue(Value(number.Type, i), i / 11, i % 11);
            }

            var stored = _journey.Pack(array, array.GetType()).Arrays.Single();
            lines.Add($"check({Quote(_journey.Store.PathOf(stored.Sha256))}, '{number.DType}', (7, 11))");
        }

        Run($"""
            def check(path, dtype, shape):
                a = numpy.load(path)
                assert a.dtype == numpy.dtype(dtype) and a.shape == shape and a.flags.c_contiguous, (a.dtype, a.shape)
                i = numpy.arange(77).reshape(shape)
                expected = i % 2 == 1 if dtype == '|b1' else (i + 1j * -i).astype(dtype) if dtype == '<c16' else i.astype(dtype)
                assert (a == expected).all(), a
                numpy.load(path, mmap_mode='r')
            {string.Join('\n', lines)}
            """);
    }

    [Fact]
    public void We_read_what_numpy_writes()
    {
        var path = _journey.Folder.File("a");
        string[] types = ["b1", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c16", ">i2", ">u4", ">i8", ">f2", ">f4", ">f8", ">c16"];
        Run($"""
            for t in [{string.Join(',', types.Select(Quote))}]:
                i = numpy.arange(77).reshape(7, 11)
                a = i % 2 == 1 if t == 'b1' else (i + 1j * -i).astype(t) if 'c' in t else i.astype(t)
                for version in ((1, 0), (2, 0), (3, 0)):
                    with open({Quote(path)} + t.strip('<>') + ('b' if t[0] == '>' else 'l') + str(version[0]) + '.npy', 'wb') as f:
                        numpy.lib.format.write_array(f, a, version=version)
            """);
        foreach (var type in types)
        {
            foreach (var version in (int[])[1, 2, 3])
            {
                var number = NumberType.All.Single(n => n.DType[1..] == type.TrimStart('<', '>') && n.Name != "char");
                var file = $"{path}{type.TrimStart('<', '>')}{(type[0] == '>' ? 'b' : 'l')}{version}.npy";
                var array = new JobArray(number.DType, [7, 11], new FileInfo(file).Length, new string('0', 64));
                var value = new JobValue("x", "T", "array") { Json = System.Text.Json.Nodes.JsonNode.Parse($$"""{"element":"{{number.Name}}","array":0}"""), Arrays = [array] };
                var read = (Array)_journey.Codecs.Decode(value, number.Type.MakeArrayType(2), _ => file)!;
                for (var i = 0; i < 77; i++)
                {
                    Assert.Equal(Value(number.Type, i), read.GetValue(i / 11, i % 11));
                }
            }
        }
    }

    [Fact]
    public void Complex_images_are_complex64_and_Fortran_order_is_refused()
    {
        var image = new Beamline.Arrays.ComplexImage(20, 30);
        image[3, 4] = new Complex(1.5, -2);
        var path = _journey.Store.PathOf(_journey.Pack(image).Arrays.Single().Sha256);
        var fortran = _journey.Folder.File("f.npy");
        Run($"""
            a = numpy.load({Quote(path)})
            assert a.dtype == numpy.complex64 and a.shape == (20, 30) and a[3, 4] == 1.5 - 2j and abs(a).sum() == 2.5, a
            numpy.save({Quote(fortran)}, numpy.asfortranarray(numpy.zeros((9, 9))))
            """);
        var value = new JobValue("x", "T", "array")
        {
            Json = System.Text.Json.Nodes.JsonNode.Parse("""{"element":"double","array":0}"""), Arrays = [new JobArray("<f8", [9, 9], new FileInfo(fortran).Length, new string('0', 64))],
        };
        Assert.Contains("ascontiguousarray", Assert.Throws<EndpointException>(() => _journey.Codecs.Decode(value, typeof(double[,]), _ => fortran)).Message);
    }

    private static object Value(Type type, int i) =>
        type == typeof(bool) ? i % 2 == 1 : type == typeof(Half) ? (Half)i : type == typeof(Complex) ? new Complex(i, -i) : Convert.ChangeType(i, type);

    private static string Quote(string text) => $"'{text}'";

    private void Run(string program)
    {
        Assert.SkipUnless(File.Exists(Interpreter), "Python is not installed: sudo apt-get install python3-numpy");
        var file = _journey.Folder.Write("peer.py", "import numpy\n" + program);
        using var process = Process.Start(new ProcessStartInfo(Interpreter, [file]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Contains("ModuleNotFoundError", StringComparison.Ordinal), "numpy is not installed: sudo apt-get install python3-numpy");
        Assert.True(process.ExitCode == 0, errors);
    }
}
