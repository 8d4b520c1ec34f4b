using System.Text;
using Beamline.Data.Npy;

namespace Beamline.Data.Tests;

/// <summary>npy headers and bare numbers, right and wrong.</summary>
public sealed class NpyAndRawTests
{
    [Theory]
    [InlineData("u1")]
    [InlineData(">u2")]
    [InlineData("i4")]
    [InlineData("f2")]
    [InlineData(">f8")]
    public void Arrays_of_numpy_open_as_scans(string type)
    {
        using var folder = new TestFolder();
        H5py.Run("np.save(sys.argv[1], np.arange(24).reshape(2,3,4).astype(sys.argv[2])); np.save(sys.argv[3], np.full((3,4),9,'u2'))", folder["a.npy"], type, folder["f.npy"]);

        using var scan = TomographyScan.Open(folder["a.npy"], new ScanOptions { AngleRange = new(0, 90), FlatFiles = folder["f.npy"] });
        Assert.Equal([.. Enumerable.Range(12, 12).Select(i => (float)i)], scan.Frames.Projection(1).Values.ToArray());
        var block = new float[2 * 2 * 4];
        scan.Frames.Read(new Arrays.StackRegion(0, 2, 1, 2), block);
        Assert.Equal([.. Enumerable.Range(4, 8).Concat(Enumerable.Range(16, 8)).Select(i => (float)i)], block);
        Assert.Equal(9, scan.Flats!.Frame(0)[2, 3]);
    }

    [Theory]
    [InlineData("np.save(p, np.asfortranarray(np.zeros((2,3,4))))", "Fortran order")]
    [InlineData("np.save(p, np.zeros((2,3)))", "1 projections")]
    [InlineData("np.save(p, np.zeros(5))", "needs (angle, row, column)")]
    [InlineData("np.save(p, np.zeros((0,3,4)))", "at least one value")]
    [InlineData("np.save(p, np.zeros((2,3,4),'c8'))", "not a number type")]
    [InlineData("np.save(p, np.zeros((2,3,4),[('a','f4')]))", "records are not supported")]
    [InlineData("open(p,'wb').write(b'PK')", "not an npy file")]
    [InlineData("np.save(p, np.zeros((2,3,4))); open(p,'r+b').truncate(200)", "cut off")]
    [InlineData("np.save(p, np.zeros((2,3,4))); open(p,'r+b').truncate(60)", "cut off")]
    public void Other_arrays_are_refused_with_the_reason(string script, string reason)
    {
        using var folder = new TestFolder();
        H5py.Run("p=sys.argv[1]\n" + script, folder["a.npy"]);
        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["a.npy"], new ScanOptions { AnglesDegrees = [0, 90] }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(2, 3000000000, 4)")]
    [InlineData("(9000000000000000000, 9000000000000000000, 9)")]
    [InlineData("(2, -3, 4)")]
    [InlineData("(2, x, 4)")]
    public void Shapes_beyond_reason_do_not_overflow(string shape)
    {
        using var folder = new TestFolder();
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        File.WriteAllBytes(folder["a.npy"], [0x93, .. Encoding.ASCII.GetBytes("NUMPY"), 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text), 0, 0]);
        Assert.Throws<DataFormatException>(() => NpyHeader.Read(folder["a.npy"]));
    }

    [Fact]
    public void Our_header_is_numpys()
    {
        using var folder = new TestFolder();
        foreach (var (name, bytes) in new[]
        {
            ("3.npy", NpyHeader.Write(ElementType.Float32, 2, 3, 4)), ("2.npy", NpyHeader.Write(ElementType.UInt8, 7, 5)),
            ("1.npy", NpyHeader.Write(ElementType.Float64.AsBigEndian(), 9)),
        })
        {
            Assert.Equal(0, bytes.Length % 64);
            File.WriteAllBytes(folder[name], [.. bytes, .. new byte[200]]);
        }

        Assert.Equal(
            "(2, 3, 4) float32 (7, 5) uint8 (9,) >f8",
            H5py.Run("print(*[f'{np.load(sys.argv[1]+n).shape} {np.load(sys.argv[1]+n).dtype}' for n in ('/3.npy','/2.npy','/1.npy')])", folder.Root));
        var read = NpyHeader.Read(folder["3.npy"]);
        Assert.Equal((ElementType.Float32, 128L), (read.Type, read.DataOffset));
        Assert.Equal([2L, 3, 4], read.Shape);
    }

    [Fact]
    public void Bare_numbers_open_with_their_layout()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["a.dat"], [1, 2, 3, .. Enumerable.Range(0, 24).SelectMany(i => new byte[] { 1, (byte)i })]);
        File.WriteAllBytes(folder["f.dat"], [0, 0, 0, .. new byte[24]]);
        var layout = new RawLayout(2, 3, 4, ElementType.UInt16.AsBigEndian(), OffsetBytes: 3);

        using var scan = TomographyScan.Open(folder["a.dat"], new ScanOptions { Raw = layout, AngleRange = new(0, 1), DarkFiles = folder["f.dat"] });
        Assert.Equal([.. Enumerable.Range(12, 12).Select(i => 256f + i)], scan.Frames.Projection(1).Values.ToArray());
        Assert.Equal(1, scan.Darks!.FrameCount);
        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(
            folder["a.dat"], new ScanOptions { Raw = layout with { AngleCount = 3 }, AngleRange = new(0, 1) }));
        Assert.Contains("need 75 bytes, but the file has 51", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uint16", "uint16")]
    [InlineData(">f4", "big-endian float32")]
    [InlineData("|u1", "uint8")]
    [InlineData("big-endian int32", "big-endian int32")]
    public void Type_names_are_numpys(string text, string name) => Assert.Equal(name, ElementType.Parse(text).ToString());

    [Fact]
    public void An_unknown_type_lists_the_known() =>
        Assert.Contains("float32", Assert.Throws<FormatException>(() => ElementType.Parse("complex")).Message, StringComparison.Ordinal);
}
