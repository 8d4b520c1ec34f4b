using Beamline.Arrays;

namespace Beamline.Data.Tests;

/// <summary>TIFF stacks that other programs wrote: Pillow and tifffile.</summary>
public sealed class TiffPeerTests
{
    private const string Numbers = "a = ((np.arange(5)[:,None,None]*50 + np.arange(70)[:,None]*3 + np.arange(45)) % 251)\n";

    [Theory]
    [InlineData("u1", "")]
    [InlineData("u2", "")]
    [InlineData("u2", "byteorder='>'")]
    [InlineData("i2", "")]
    [InlineData("u4", "")]
    [InlineData("f4", "")]
    [InlineData("f4", "byteorder='>'")]
    [InlineData("f8", "")]
    [InlineData("f2", "")]
    [InlineData("u2", "bigtiff=True")]
    [InlineData("u2", "imagej=True")]
    [InlineData("f4", "imagej=True")]
    [InlineData("u2", "rowsperstrip=8")]
    [InlineData("u2", "rowsperstrip=8, compression='zlib'")]
    [InlineData("u2", "compression='zlib', predictor=True")]
    [InlineData("u1", "compression='zlib', predictor=True")]
    [InlineData("f4", "compression='zlib'")]
    [InlineData("u2", "tile=(32,16)")]
    [InlineData("f4", "tile=(16,32), compression='zlib', bigtiff=True")]
    [InlineData("u2", "photometric='miniswhite'")]
    [InlineData("u2", "contiguous=False, metadata=None")]
    public void Stacks_of_tifffile_are_read(string type, string options)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + $$"""
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            o = dict({{options}}); p = o.pop('photometric', 'minisblack'); a = a.astype('{{type}}')
            tifffile.imwrite(sys.argv[1]+'/stack.tif', a, photometric=p, **o)
            for i in range(5): tifffile.imwrite(sys.argv[1]+f'/f_{i}.tif', a[i], photometric=p, **o)
            """, folder.Root);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        AssertIsTheStack(folder["stack.tif"]);
        AssertIsTheStack(folder["f_*.tif"]);
    }

    [Theory]
    [InlineData("u1", "L", "raw")]
    [InlineData("u1", "L", "tiff_lzw")]
    [InlineData("u1", "L", "packbits")]
    [InlineData("u2", "I;16", "raw")]
    [InlineData("u2", "I;16", "tiff_lzw")]
    [InlineData("u2", "I;16", "tiff_adobe_deflate")]
    [InlineData("f4", "F", "raw")]
    [InlineData("f4", "F", "tiff_lzw")]
    [InlineData("i4", "I", "raw")]
    public void Stacks_of_pillow_are_read(string type, string mode, string compression)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + $$"""
            try: from PIL import Image
            except ImportError as e: print('skip', e); sys.exit()
            p = [Image.fromarray(f.astype('{{type}}')) for f in a]; assert p[0].mode == '{{mode}}', p[0].mode
            p[0].save(sys.argv[1]+'/stack.tif', save_all=True, append_images=p[1:], compression='{{compression}}')
            for i in range(5): p[i].save(sys.argv[1]+f'/f_{i}.tiff', compression='{{compression}}')
            """, folder.Root);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-pil: " + said);

        AssertIsTheStack(folder["stack.tif"]);
        AssertIsTheStack(folder["f_*.tiff"]);
    }

    [Theory]
    [InlineData(">u2")]
    [InlineData(">f4")]
    public void Large_stacks_of_imagej_have_one_page_and_all_frames_behind_it(string type)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + $$"""
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            tifffile.imwrite(sys.argv[1], a.astype('{{type}}'), imagej=True, truncate=True)
            assert len(tifffile.TiffFile(sys.argv[1]).pages) == 1
            """, folder["stack.tif"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        AssertIsTheStack(folder["stack.tif"]);
    }

    [Fact]
    public void A_bigtiff_with_the_most_significant_byte_first_is_refused_by_name()
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + """
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            tifffile.imwrite(sys.argv[1], a.astype('f4'), photometric='minisblack', byteorder='>', bigtiff=True)
            """, folder["b.tif"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["b.tif"], new ScanOptions { AngleRange = new AngleRange(0, 36) }));
        Assert.Contains("BigTIFF file with the most significant byte first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_forty_thousand_pages_is_read_at_any_page()
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            """
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            with tifffile.TiffWriter(sys.argv[1]) as w:
                w.write(np.arange(40000*4).reshape(40000,2,2).astype('u4'), photometric='minisblack')
            """, folder["many.tif"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        using var scan = TomographyScan.Open(folder["many.tif"], new ScanOptions { AngleRange = new AngleRange(0, 0.009) });
        Assert.Equal(40_000, scan.Frames.AngleCount);
        Assert.Equal((39_999 * 4) + 3, scan.Frames.Projection(39_999)[1, 1]);
        Assert.Equal(33_000 * 4, scan.Frames.Projection(33_000)[0, 0]);
    }

    [Fact]
    public void A_chain_of_pages_that_turns_back_or_leaves_the_file_is_an_error()
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + """
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            tifffile.imwrite(sys.argv[1]+'/a.tif', a.astype('u2'), photometric='minisblack')
            t = tifffile.TiffFile(sys.argv[1]+'/a.tif'); p = [x.offset for x in t.pages]; n = len(t.pages[4].tags)
            b = bytearray(open(sys.argv[1]+'/a.tif','rb').read()); at = p[4] + 2 + 12*n
            for name, v in (('loop', p[1]), ('far', 10**9)):
                b[at:at+4] = v.to_bytes(4,'little'); open(sys.argv[1]+f'/{name}.tif','wb').write(b)
            """, folder.Root);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        var options = new ScanOptions { AngleRange = new AngleRange(0, 36) };
        Assert.Contains("the chain of its pages never ends", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["loop.tif"], options)).Message, StringComparison.Ordinal);
        Assert.Contains("page 5 would lie at byte 1,000,000,000", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["far.tif"], options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_of_another_size_or_type_is_named()
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + """
            try: import tifffile
            except ImportError as e: print('skip', e); sys.exit()
            with tifffile.TiffWriter(sys.argv[1]) as w:
                for i in range(5): w.write((a[i,:60] if i == 3 else a[i]).astype('u2'), photometric='minisblack')
            """, folder["stack.tif"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-tifffile: " + said);

        using var scan = TomographyScan.Open(folder["stack.tif"], new ScanOptions { AngleRange = new AngleRange(0, 36) });
        _ = scan.Frames.Projection(2);
        var error = Assert.Throws<DataFormatException>(() => scan.Frames.Projection(3));
        Assert.Contains("page 3 of this file has 60 rows x 45 columns, but the first of the stack has 70 x 45", error.Message, StringComparison.Ordinal);
        Assert.Contains("page 3", Assert.Throws<DataFormatException>(() => scan.CheckFrames()).Message, StringComparison.Ordinal);
    }

    private static void AssertIsTheStack(string path)
    {
        using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 36) });
        Assert.Equal((5, 70, 45), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        var block = new float[5 * 20 * 45];
        scan.Frames.Read(new StackRegion(0, 5, 31, 20), block);
        for (var i = 0; i < block.Length; i++)
        {
            Assert.Equal(((i / (20 * 45) * 50) + ((31 + (i / 45 % 20)) * 3) + (i % 45)) % 251, block[i]);
        }

        Assert.Equal((200 + (69 * 3) + 44) % 251, scan.Frames.Projection(4)[69, 44]);
    }
}
