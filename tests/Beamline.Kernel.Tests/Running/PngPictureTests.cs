using System.Globalization;

namespace Beamline.Kernel.Tests;

/// <summary>Our PNG reader against pictures that Python's Pillow wrote, in every kind of pixel.</summary>
public sealed class PngPictureTests
{
    private const string Write = """
        import sys, numpy as np
        from PIL import Image
        out, mode = sys.argv[1], sys.argv[2]
        y, x = np.mgrid[0:23, 0:31]
        rgba = np.stack([(x * 8) % 256, (y * 11) % 256, (x * y) % 256, 255 - (x + y)], -1).astype(np.uint8)
        if mode == 'I;16': image = Image.fromarray(((x * 2000 + y * 7) % 65536).astype(np.uint16))
        else: image = Image.fromarray(rgba).convert(mode)
        image.save(out)
        back = Image.open(out)
        if mode == 'I;16':
            g = np.array(back).astype(np.uint32); full = np.stack([g, g, g, np.full_like(g, 65535)], -1)
        else:
            full = np.array(back.convert('RGBA')).astype(np.uint32) * 257
        print(*full.ravel())
        """;

    [Theory]
    [InlineData("RGBA")]
    [InlineData("RGB")]
    [InlineData("L")]
    [InlineData("LA")]
    [InlineData("P")]
    [InlineData("1")]
    [InlineData("I;16")]
    public async Task Pixels_are_those_that_Pillow_reads(string mode)
    {
        await JupyterPython.RequireAsync("PIL", "numpy");
        using var python = await JupyterPython.WithAsync("PIL");
        var path = Path.Combine(python.Folder, "a.png");
        var (code, text) = await python.RunAsync("-c", Write, path, mode);
        Assert.True(code == 0, text);
        var expected = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(n => ushort.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var picture = PngPicture.Decode(await File.ReadAllBytesAsync(path));
        Assert.Equal((31, 23), (picture.Width, picture.Height));
        Assert.Equal(expected, picture.Rgba);
    }

    [Fact]
    public void Broken_files_are_refused_and_large_ones_too()
    {
        var good = Convert.FromBase64String(Png.Gray(8, 8, (x, y) => (byte)(x * y)));
        for (var length = 0; length < good.Length - 12; length++)
        {
            Assert.Throws<InvalidDataException>(() => PngPicture.Decode(good.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => PngPicture.Decode(Png.File(100_000, 100_000, 8, 6, [])));
        Assert.Throws<InvalidDataException>(() => PngPicture.Decode(Png.File(8, 8, 3, 0, new byte[100])));
        Assert.Throws<InvalidDataException>(() => PngPicture.Decode(Png.File(1, 1, 8, 3, [0, 7])));
        Assert.Throws<InvalidDataException>(() => PngPicture.Decode(Png.File(1, 1, 8, 0, [9, 7])));
    }
}
