namespace Beamline.Data.Tests;

/// <summary>
/// Compressed datasets as detectors write them, made by the filters' own libraries (through h5py and its plug-ins, or by the
/// codec's Python package where there is no plug-in), and chunks that are damaged.
/// </summary>
public sealed class Hdf5FilterTests
{
    // Half smooth, half noise: some blocks compress and some are stored as they are.
    private const string Start =
        """
        n,r,c = 5,37,61; R = np.random.default_rng(3)
        a = np.cumsum(R.integers(0,3,(n,r,c)),axis=2); a[:,r//2:] = R.integers(0,65536,(n,r-r//2,c)); a[3] = R.integers(0,65536,(r,c))
        t = sys.argv[2]; a = (a/7 if t[0]=='f' else a).astype(t); f = h5py.File(sys.argv[1],'w')
        def plain(): h5py.File(sys.argv[1]+'.ref','w')['d'] = a

        """;

    [Theory]
    [InlineData("u2", "compression='lzf'")]
    [InlineData("f4", "compression='lzf', shuffle=True")]
    [InlineData("u2", "compression='lzf', shuffle=True, fletcher32=True")]
    [InlineData("u2", "compression='gzip', shuffle=True, fletcher32=True")]
    [InlineData("u2", "compression=32004, compression_opts=(0,)")]
    [InlineData("f4", "compression=32004, compression_opts=(1000,), shuffle=True")]
    [InlineData("u2", "compression=32008, compression_opts=(0,2)")]
    [InlineData("u2", "compression=32008, compression_opts=(0,0)")]
    [InlineData("u1", "compression=32008, compression_opts=(0,2)")]
    [InlineData("u4", "compression=32008, compression_opts=(64,2)")]
    [InlineData("f8", "compression=32008, compression_opts=(0,2)")]
    [InlineData("u2", "compression=32001, compression_opts=(0,0,0,0,5,1,0)")]
    [InlineData("u2", "compression=32001, compression_opts=(0,0,0,0,9,1,0)")]
    [InlineData("f4", "compression=32001, compression_opts=(0,0,0,0,9,0,0)")]
    [InlineData("u2", "compression=32001, compression_opts=(0,0,0,0,5,1,1)")]
    [InlineData("u2", "compression=32001, compression_opts=(0,0,0,0,5,2,1)")]
    [InlineData("f4", "compression=32001, compression_opts=(0,0,0,0,5,2,1)")]
    [InlineData("f8", "compression=32001, compression_opts=(0,0,0,0,5,1,2)")]
    [InlineData("u2", "compression=32001, compression_opts=(0,0,0,0,5,1,4)")]
    [InlineData("u4", "compression=32001, compression_opts=(0,0,0,0,5,1,5)")]
    [InlineData("u1", "compression=32001, compression_opts=(0,0,0,0,0,0,1)")]
    public void Compressed_frames_are_read_as_their_own_library_wrote_them(string type, string filter)
    {
        foreach (var chunks in (string[])["(1,r,c)", "(2,16,61)", "(5,37,20)"])
        {
            using var folder = new TestFolder();
            var said = H5py.Run(
                Start + $$"""
                try: f.create_dataset('d', data=a, chunks={{chunks}}, {{filter}})
                except ValueError as e: print('skip', e); sys.exit()
                f.close(); plain()
                """, folder["a.h5"], type);
            Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without the HDF5 plug-in (apt-get install hdf5-filter-plugin ...): " + said);
            AssertEqualToReference(folder["a.h5"]);
        }
    }

    [Theory]
    [InlineData("u2", "(1,r,c)")]
    [InlineData("f4", "(2,16,61)")]
    public void Zstandard_chunks_are_read(string type, string chunks)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Start + $$"""
            try: import zstandard
            except ImportError as e: print('skip', e); sys.exit()
            chunk = {{chunks}}
            p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk(chunk); p.set_shuffle(); p.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
            d = h5py.h5d.create(f.id, b'd', h5py.h5t.py_create(a.dtype), h5py.h5s.create_simple(a.shape), p)
            for i in range(0,n,chunk[0]):
              for j in range(0,r,chunk[1]):
                b = np.zeros(chunk,a.dtype); s = a[i:i+chunk[0],j:j+chunk[1]]; b[:s.shape[0],:s.shape[1]] = s
                raw = b.view('u1').reshape(-1,a.dtype.itemsize).T.tobytes()
                d.write_direct_chunk((i,j,0), zstandard.ZstdCompressor().compress(raw), 0)
            f.close(); plain()
            """, folder["a.h5"], type);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-zstandard: " + said);
        AssertEqualToReference(folder["a.h5"]);
    }

    [Fact]
    public void A_chunk_that_did_not_compress_is_read_though_its_mask_names_the_filter()
    {
        // The trap of PureHDF 2.2.0: shuffle + LZF on noise has mask 2, and the shuffle was skipped instead.
        using var folder = new TestFolder();
        var masks = H5py.Run(
            """
            R = np.random.default_rng(1); a = R.integers(0,65536,(4,32,48)).astype('u2'); a[1] = 7
            f = h5py.File(sys.argv[1],'w'); d = f.create_dataset('d', data=a, chunks=(1,32,48), compression='lzf', shuffle=True)
            print([d.id.get_chunk_info(i).filter_mask for i in range(4)]); f.close(); h5py.File(sys.argv[1]+'.ref','w')['d'] = a
            """, folder["m.h5"]);

        Assert.Equal("[2, 0, 2, 2]", masks);
        AssertEqualToReference(folder["m.h5"]);
    }

    [Fact]
    public void Chunks_that_were_never_written_have_the_fill_value()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            f = h5py.File(sys.argv[1],'w')
            d = f.create_dataset('d', (4,6,8), 'u2', chunks=(1,6,8), compression='lzf', fillvalue=9); d[2] = 5
            f.create_dataset('never', (4,6,8), 'f4', chunks=(1,6,8), compression='lzf', fillvalue=2.5)
            """, folder["a.h5"]);

        using var file = Hdf5File.Open(folder["a.h5"]);
        var values = file.ReadFloats("/d");
        Assert.Equal(((float)9, (float)5, (float)9), (values[0], values[2 * 48], values[^1]));
        Assert.All(file.ReadFloats("/never"), v => Assert.Equal(2.5f, v));
    }

    [Fact]
    public void A_dataset_behind_an_external_link_is_read_from_the_other_file()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            g = h5py.File(sys.argv[1]+'/data.h5','w', userblock_size=512); g.create_dataset('d', data=np.arange(192).reshape(4,6,8).astype('u2'), chunks=(1,6,8), compression='lzf', shuffle=True); g.close()
            h5py.File(sys.argv[1]+'/master.h5','w')['x'] = h5py.ExternalLink('data.h5','/d')
            """, folder.Root);

        using var file = Hdf5File.Open(folder["master.h5"]);
        Assert.Equal(Enumerable.Range(0, 192).Select(i => (float)i), file.ReadFloats("/x"));
    }

    [Fact]
    public void A_virtual_dataset_over_bitshuffled_files_is_read_as_eiger_masters_need_it()
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            """
            a = np.arange(2*3*16*20).reshape(6,16,20).astype('u4')
            l = h5py.VirtualLayout((6,16,20),'u4')
            for k in range(2):
                g = h5py.File(f'{sys.argv[1]}/d{k}.h5','w')
                try: g.create_dataset('d', data=a[3*k:3*k+3], chunks=(1,16,20), compression=32008, compression_opts=(0,2))
                except ValueError as e: print('skip', e); sys.exit()
                g.close(); l[3*k:3*k+3] = h5py.VirtualSource(f'd{k}.h5','d',shape=(3,16,20))
            h5py.File(sys.argv[1]+'/m.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without the HDF5 plug-in: " + said);

        using var file = Hdf5File.Open(folder["m.h5"]);
        Assert.Equal(Enumerable.Range(0, 6 * 320).Select(i => (float)i), file.ReadFloats("/d"));
    }

    [Theory]
    [InlineData("compression='gzip'", "deflate")]
    [InlineData("compression='lzf'", "LZF")]
    [InlineData("fletcher32=True, compression='lzf'", "checksum")]
    [InlineData("compression=32004, compression_opts=(0,)", "LZ4")]
    [InlineData("compression=32008, compression_opts=(0,2)", "bitshuffle")]
    [InlineData("compression=32001, compression_opts=(0,0,0,0,5,1,0)", "Blosc")]
    [InlineData("compression=32001, compression_opts=(0,0,0,0,5,1,5)", "Blosc")]
    public void A_damaged_chunk_is_named_and_the_others_are_read(string filter, string named)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            $$"""
            a = (np.arange(4*24*32).reshape(4,24,32)//5).astype('u2'); f = h5py.File(sys.argv[1],'w')
            try: d = f.create_dataset('d', data=a, chunks=(1,24,32), {{filter}})
            except ValueError as e: print('skip', e); sys.exit()
            i = d.id.get_chunk_info(2); f.close(); b = bytearray(open(sys.argv[1],'rb').read())
            for k in range(i.byte_offset, i.byte_offset+i.size): b[k] = (b[k]*31+k) & 255
            open(sys.argv[1],'wb').write(b)
            """, folder["a.h5"]);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without the HDF5 plug-in: " + said);

        using var file = Hdf5File.Open(folder["a.h5"]);
        Assert.Equal(48 * 32 / 5, file.ReadFloats("/d", [0, 0, 0], [2, 24, 32])[^1], 1f);
        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/d"));
        Assert.Contains("/d cannot be read at [2,0,0]: this chunk is damaged: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Copy the file again", error.Message, StringComparison.Ordinal);
        Assert.Equal(4 * 24 * 32 / 5, file.ReadFloats("/d", [3, 0, 0], [1, 24, 32])[^1], 1f);
    }

    [Theory]
    [InlineData("compression='gzip', shuffle=True")]
    [InlineData("compression='lzf'")]
    [InlineData("compression=32004, compression_opts=(64,)")]
    [InlineData("compression=32008, compression_opts=(0,2)")]
    [InlineData("compression=32001, compression_opts=(0,0,0,0,9,1,0)")]
    [InlineData("compression=32001, compression_opts=(0,0,0,0,5,2,1)")]
    [InlineData("compression=32001, compression_opts=(0,0,0,0,5,1,5)")]
    public void No_damage_of_a_chunk_gives_anything_but_numbers_or_a_clear_error(string filter)
    {
        using var folder = new TestFolder();
        var place = H5py.Run(
            $$"""
            a = (np.arange(24*64).reshape(1,24,64)//5).astype('u2'); f = h5py.File(sys.argv[1],'w')
            try: d = f.create_dataset('d', data=a, chunks=(1,24,64), {{filter}})
            except ValueError as e: print('skip', e); sys.exit()
            i = d.id.get_chunk_info(0); print(i.byte_offset, i.size)
            """, folder["a.h5"]);
        Assert.SkipWhen(place.StartsWith("skip", StringComparison.Ordinal), "Without the HDF5 plug-in: " + place);
        var (offset, size) = (int.Parse(place.Split(' ')[0]), int.Parse(place.Split(' ')[1]));
        var bytes = File.ReadAllBytes(folder["a.h5"]);
        var random = new Random(5);
        var refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var bad = (byte[])bytes.Clone();
            for (var k = 0; k <= round % 3; k++)
            {
                bad[offset + random.Next(round % 2 == 0 ? Math.Min(20, size) : size)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(folder["b.h5"], bad);
            using var file = Hdf5File.Open(folder["b.h5"]);
            try
            {
                Assert.Equal(24 * 64, file.ReadFloats("/d").Length);
            }
            catch (DataFormatException e)
            {
                Assert.Contains("at [0,0,0]: this chunk is damaged: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 1, 400);
    }

    private static void AssertEqualToReference(string path)
    {
        using var expected = Hdf5File.Open(path + ".ref");
        using var actual = Hdf5File.Open(path);
        Assert.Equal(expected.ReadDoubles("/d"), actual.ReadDoubles("/d"));
        var shape = actual.Datasets[0].Shape;

        // A few rows of all frames, as a reconstruction reads them, and a block that crosses every chunk border.
        foreach (var (start, count) in ((long[], long[])[])[([0, 15, 0], [shape[0], 3, shape[2]]), ([1, 7, 11], [2, shape[1] - 9, shape[2] - 30])])
        {
            Assert.Equal(expected.ReadFloats("/d", start, count), actual.ReadFloats("/d", start, count));
        }
    }
}
