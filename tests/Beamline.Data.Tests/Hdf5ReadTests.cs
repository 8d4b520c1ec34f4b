using System.Security.Cryptography;
using System.Runtime.InteropServices;

namespace Beamline.Data.Tests;

/// <summary>The HDF5 seam against files that h5py made.</summary>
public sealed class Hdf5ReadTests
{
    private const string Numbers = "a = (np.arange(4*6*8) * 37 % 120).reshape(4,6,8)\n";

    [Theory]
    [InlineData("u1", "uint8")]
    [InlineData("i1", "int8")]
    [InlineData("u2", "uint16")]
    [InlineData(">u2", "big-endian uint16")]
    [InlineData("i2", "int16")]
    [InlineData("u4", "uint32")]
    [InlineData(">i4", "big-endian int32")]
    [InlineData("i8", "int64")]
    [InlineData(">u8", "big-endian uint64")]
    [InlineData("f2", "float16")]
    [InlineData("f4", "float32")]
    [InlineData(">f4", "big-endian float32")]
    [InlineData("f8", "float64")]
    [InlineData(">f8", "big-endian float64")]
    public void Every_number_type_reads_as_floats_and_doubles(string type, string name)
    {
        using var folder = new TestFolder();
        H5py.Run(Numbers + "h5py.File(sys.argv[1],'w')['d'] = a.astype(sys.argv[2])", folder["a.h5"], type);

        using var file = Hdf5File.Open(folder["a.h5"]);

        Assert.Equal(name, Assert.Single(file.Datasets).Type);
        Assert.Equal(Expected(), file.ReadFloats("/d"));
        Assert.Equal(Array.ConvertAll(Expected(), v => (double)v), file.ReadDoubles("d"));
    }

    [Theory]
    [InlineData("chunks=(1,6,8), compression='gzip', shuffle=True")]
    [InlineData("chunks=(2,4,5), compression='gzip', shuffle=True, fletcher32=True")]
    [InlineData("chunks=(3,6,8), scaleoffset=0")]
    [InlineData("chunks=(1,6,8), maxshape=(None,6,8), compression='gzip'")]
    [InlineData("chunks=(2,3,8)")]
    public void Layouts_and_filters_read_the_same_numbers_in_any_block(string layout)
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + $"f=h5py.File(sys.argv[1],'w',libver=sys.argv[2]); f.create_dataset('d', data=a.astype('>u2' if 'scale' not in sys.argv[3] else 'u2'), {layout})",
            folder["a.h5"], "earliest", layout);
        H5py.Run(
            Numbers + $"f=h5py.File(sys.argv[1],'w',libver=sys.argv[2]); f.create_dataset('d', data=a.astype('u2'), {layout})",
            folder["b.h5"], "latest");

        foreach (var name in new[] { "a.h5", "b.h5" })
        {
            using var file = Hdf5File.Open(folder[name]);
            Assert.Equal(Expected(), file.ReadFloats("/d"));
            Assert.Equal(Block(Expected(), 1, 3, 2, 4), file.ReadFloats("/d", [1, 2, 0], [3, 4, 8]));
        }
    }

    [Fact]
    public void A_virtual_dataset_of_fixed_size_reads_its_sources()
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            h5py.File(sys.argv[1]+'/s.h5','w').create_dataset('d', data=a.astype('u2'), chunks=(1,6,8), compression='gzip')
            l = h5py.VirtualLayout((4,6,8),'u2'); l[:] = h5py.VirtualSource('s.h5','d',shape=(4,6,8))
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);

        using var file = Hdf5File.Open(folder["v.h5"]);
        Assert.Equal(Expected(), file.ReadFloats("/d"));
    }

    [Fact]
    public void A_virtual_dataset_whose_source_is_missing_is_refused_by_name()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            l = h5py.VirtualLayout((4,6,8),'u2'); l[:] = h5py.VirtualSource('gone.h5','d',shape=(4,6,8))
            h5py.File(sys.argv[1],'w').create_virtual_dataset('d', l)
            """, folder["v.h5"]);

        using var file = Hdf5File.Open(folder["v.h5"]);
        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/d"));
        Assert.Contains("gone.h5 is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chunk_stored_without_a_filter_is_read_as_its_mask_says(int mask)
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            import zlib
            mask = int(sys.argv[2]); f = h5py.File(sys.argv[1],'w')
            d = f.create_dataset('d', data=a.astype('u2'), chunks=(1,6,8), compression='gzip', shuffle=True)
            raw = a[2].astype('u2').tobytes()
            if not mask & 1: raw = np.frombuffer(raw,'u1').reshape(-1,2).T.tobytes()
            if not mask & 2: raw = zlib.compress(raw)
            d.id.write_direct_chunk((2,0,0), raw, filter_mask=mask)
            f.close(); assert (h5py.File(sys.argv[1])['d'][...] == a).all()
            """, folder["m.h5"], mask.ToString());

        using var file = Hdf5File.Open(folder["m.h5"]);
        Assert.Equal(Block(Expected(), 0, 2, 0, 6), file.ReadFloats("/d", [0, 0, 0], [2, 6, 8]));
        Assert.Equal(Block(Expected(), 3, 1, 0, 6), file.ReadFloats("/d", [3, 0, 0], [1, 6, 8]));
        Assert.Equal(Expected(), file.ReadFloats("/d"));
    }

    [Fact]
    public void A_missing_dataset_lists_what_is_there_and_suggests()
    {
        using var folder = new TestFolder();
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['/exchange/data']=np.zeros((2,3,4),'f4'); f['/exchange/theta']=np.zeros(2)", folder["a.h5"]);

        using var file = Hdf5File.Open(folder["a.h5"]);
        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/exchange/dat"));
        Assert.Equal(
            "a.h5: dataset /exchange/dat not found. Present: /exchange/data [2,3,4] float32, /exchange/theta [2] float64. " +
            "Did you mean /exchange/data?",
            error.Message);
        Assert.Equal(folder["a.h5"], error.FilePath);
    }

    [Fact]
    public void A_group_a_string_and_an_odd_number_layout_are_refused_as_numbers()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            f=h5py.File(sys.argv[1],'w'); f['g/d']=np.zeros(3); f['s']='text'
            t=h5py.h5t.STD_U16LE.copy(); t.set_precision(12); t.set_offset(2)
            h5py.h5d.create(f.id, b'odd', t, h5py.h5s.create_simple((3,)))
            """, folder["a.h5"]);

        using var file = Hdf5File.Open(folder["a.h5"]);
        Assert.Contains("is a group", Assert.Throws<DataFormatException>(() => file.ReadFloats("/g")).Message, StringComparison.Ordinal);
        Assert.Contains("not numbers", Assert.Throws<DataFormatException>(() => file.ReadFloats("/s")).Message, StringComparison.Ordinal);
        Assert.Contains("unusual layout", Assert.Throws<DataFormatException>(() => file.ReadFloats("/odd")).Message, StringComparison.Ordinal);
        Assert.Equal("text", file.ReadText("/s"));
    }

    [Fact]
    public void Links_are_followed_and_a_dangling_one_names_the_missing_file()
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            r = sys.argv[1]
            h5py.File(r+'/t.h5','w')['x/d'] = a.astype('u2')
            f = h5py.File(r+'/l.h5','w'); f['ext'] = h5py.ExternalLink('t.h5','x/d'); f['soft'] = h5py.SoftLink('/ext')
            f['bad'] = h5py.ExternalLink('/no/such/pco1-24888.hdf','d'); f['softbad'] = h5py.SoftLink('/nowhere')
            """, folder.Root);

        using var file = Hdf5File.Open(folder["l.h5"]);
        Assert.Equal(Expected(), file.ReadFloats("/ext"));
        Assert.Equal(Expected(), file.ReadFloats("/soft"));
        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/bad"));
        Assert.StartsWith("l.h5: /bad is a link that leads nowhere: the file /no/such/pco1-24888.hdf is missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => file.ReadFloats("/softbad"));
        Assert.Equal(["/bad", "/softbad"], file.BrokenLinks.Keys.Order());
    }

    [Fact]
    public void Attributes_come_as_text()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            f=h5py.File(sys.argv[1],'w'); f.attrs['who']='me'; d=f.create_dataset('d',data=1.5)
            d.attrs['units']='counts'; d.attrs['v']=np.array([1.5,2]); d.attrs['n']=np.uint8(7); d.attrs['fixed']=np.bytes_(b'ab')
            """, folder["a.h5"]);

        using var file = Hdf5File.Open(folder["a.h5"]);
        Assert.Equal("me", file.Attributes("/")["who"]);
        var attributes = file.Attributes("/d");
        Assert.Equal("counts", attributes["units"]);
        Assert.Equal("1.5, 2", attributes["v"]);
        Assert.Equal("7", attributes["n"]);
        Assert.Equal("ab", attributes["fixed"]);
        Assert.Equal("1.5", file.ReadText("/d"));
        Assert.Equal([1.5f], file.ReadFloats("/d"));
    }

    [Fact]
    public void Missing_foreign_empty_and_cut_off_files_are_told_apart()
    {
        using var folder = new TestFolder();
        H5py.Run(Numbers + "f=h5py.File(sys.argv[1],'w',libver=sys.argv[2]); f['d']=np.zeros((100,100))", folder["old.h5"], "earliest");
        H5py.Run(Numbers + "f=h5py.File(sys.argv[1],'w',libver=sys.argv[2]); f['d']=np.zeros((100,100))", folder["new.h5"], "latest");
        File.WriteAllText(folder["text.h5"], "these are no HDF5 bytes, only words");
        File.WriteAllBytes(folder["empty.h5"], []);

        Assert.Contains("Did you mean old.h5?", Message(folder["olt.h5"]), StringComparison.Ordinal);
        Assert.Contains("there is no folder", Message(folder["sub/x.h5"]), StringComparison.Ordinal);
        Assert.Contains("not an HDF5 file", Message(folder["text.h5"]), StringComparison.Ordinal);
        Assert.Contains("empty", Message(folder["empty.h5"]), StringComparison.Ordinal);
        foreach (var name in new[] { "old.h5", "new.h5" })
        {
            var bytes = File.ReadAllBytes(folder[name]);
            File.WriteAllBytes(folder["cut.h5"], bytes[..(bytes.Length / 2)]);
            Assert.Contains("cut off", Message(folder["cut.h5"]), StringComparison.Ordinal);
        }

        static string Message(string path) => Assert.Throws<DataFormatException>(() => Hdf5File.Open(path).Dispose()).Message;
    }

    [Fact]
    public void Damaged_bytes_give_an_error_and_no_numbers()
    {
        using var folder = new TestFolder();
        H5py.Run(Numbers + "h5py.File(sys.argv[1],'w').create_dataset('d', data=a.astype('u2'), chunks=(4,6,8), compression='gzip', fletcher32=True)", folder["a.h5"]);
        var bytes = File.ReadAllBytes(folder["a.h5"]);
        var zlib = bytes.AsSpan().LastIndexOf([(byte)0x78, (byte)0x5e]);
        Assert.True(zlib > 0);
        bytes[zlib + 30] ^= 0x55;
        File.WriteAllBytes(folder["a.h5"], bytes);

        using var file = Hdf5File.Open(folder["a.h5"]);
        Assert.Contains("cannot be read at", Assert.Throws<DataFormatException>(() => file.ReadFloats("/d")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tooth_is_read_byte_for_byte()
    {
        using var file = Hdf5File.Open(RealData.PathOf("aps2bm_tooth", "tooth.h5"));

        Assert.Equal(4749233396.5, Sum(file.ReadFloats("/exchange/data")), 0.01);
        Assert.Equal(357657046.5, Sum(file.ReadFloats("/exchange/data_white")), 0.01);
        Assert.Equal(1346367.0, Sum(file.ReadFloats("/exchange/data_dark")), 0.01);
        var hash = H5py.Run(
            "import hashlib; print(hashlib.sha256(h5py.File(sys.argv[1])['/exchange/data'][...].tobytes()).hexdigest())", file.FilePath);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(file.ReadFloats("/exchange/data").AsSpan()))));
        Assert.Equal("counts", file.Attributes("/exchange/data")["units"]);

        static double Sum(float[] values) => values.Sum(v => (double)v);
    }

    private static float[] Expected() => [.. Enumerable.Range(0, 4 * 6 * 8).Select(i => (float)(i * 37 % 120))];

    private static float[] Block(float[] all, int frame, int frames, int row, int rows)
    {
        var block = new List<float>();
        for (var f = frame; f < frame + frames; f++)
        {
            block.AddRange(all.AsSpan(((f * 6) + row) * 8, rows * 8));
        }

        return [.. block];
    }
}
