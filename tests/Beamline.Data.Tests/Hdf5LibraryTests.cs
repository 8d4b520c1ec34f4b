namespace Beamline.Data.Tests;

/// <summary>
/// What only libhdf5 reads, in files that h5py wrote: with the library the numbers, without it an error that says what to install.
/// <see cref="WithoutHdf5LibraryTests"/> runs the same tests without it.
/// </summary>
public sealed class Hdf5LibraryTests
{
    private const string Numbers = "a = (np.arange(6*40*50) * 37 % 120).reshape(6,40,50)\n";

    private static readonly string[] Why = ["h5repack", "sudo apt-get install libhdf5-103-1", Hdf5Library.IsFound ? "" : Hdf5Library.Description];

    [Theory]
    [InlineData("u1", "compression='szip'")]
    [InlineData("u2", "compression='szip'")]
    [InlineData("u2", "compression='szip', shuffle=True, fletcher32=True")]
    [InlineData(">u2", "compression='szip'")]
    [InlineData("f4", "compression='szip', compression_opts=('ec',16)")]
    public void Szip_is_read(string type, string option)
    {
        using var folder = new TestFolder();
        H5py.Run(Numbers + $"h5py.File(sys.argv[1],'w').create_dataset('d', data=a.astype('{type}'), chunks=(1,16,32), {option})", folder["a.h5"]);

        ReadsOrNamesTheLibrary(folder["a.h5"], Expected(), "szip (filter 4)");
    }

    [Theory]
    [InlineData("")]
    [InlineData(", compression='gzip', shuffle=True")]
    [InlineData(", compression='lzf'")]
    [InlineData(", compression=32004, compression_opts=(0,)")]
    [InlineData(", compression=32008, compression_opts=(0,2)")]
    [InlineData(", compression=32001, compression_opts=(0,0,0,0,5,1,1)")]
    [InlineData(", compression='szip'")]
    public void A_virtual_dataset_that_grows_with_its_sources_is_read(string option)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            Numbers + $$"""
            try: h5py.File(sys.argv[1]+'/s.h5','w').create_dataset('d', data=a.astype('u2'), maxshape=(None,40,50), chunks=(1,40,50){{option}})
            except ValueError as e: print('skip', e); sys.exit()
            l = h5py.VirtualLayout((6,40,50),'u2',maxshape=(None,40,50)); U = h5py.h5s.UNLIMITED
            s = h5py.VirtualSource('s.h5','d',shape=(6,40,50),maxshape=(None,40,50)); l[0:U,:,:] = s[0:U,:,:]
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without the HDF5 plug-in (apt-get install hdf5-filter-plugin ...): " + said);

        ReadsOrNamesTheLibrary(folder["v.h5"], Expected(), "grows with its sources (unlimited mapping)");
    }

    [Fact]
    public void Frames_that_one_of_several_writers_has_not_written_are_no_frames()
    {
        // Odin: every second frame from another file; the second file is one frame behind.
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            for i,n in ((0,3),(1,2)):
                h5py.File(sys.argv[1]+f'/s{i}.h5','w').create_dataset('d', data=a[i::2][:n].astype('u2'), maxshape=(None,40,50), chunks=(1,40,50))
            l = h5py.VirtualLayout((6,40,50),'u2',maxshape=(None,40,50)); U = h5py.h5s.UNLIMITED
            for i in (0,1):
                s = h5py.VirtualSource(f's{i}.h5','d',shape=(3,40,50),maxshape=(None,40,50)); l[i:U:2,:,:] = s[0:U,:,:]
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);

        ReadsOrNamesTheLibrary(folder["v.h5"], Expected()[..(5 * 40 * 50)], "unlimited mapping");
    }

    [Theory]
    [InlineData("f4", "u2")]
    [InlineData("u2", ">u2")]
    public void A_virtual_dataset_of_another_type_than_its_source_is_converted(string type, string sourceType)
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + $$"""
            h5py.File(sys.argv[1]+'/s.h5','w')['d'] = a.astype('{{sourceType}}')
            l = h5py.VirtualLayout((6,40,50),'{{type}}'); l[:] = h5py.VirtualSource('s.h5','d',shape=(6,40,50),dtype='{{sourceType}}')
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);

        ReadsOrNamesTheLibrary(folder["v.h5"], Expected(), "which holds");
    }

    [Fact]
    public void A_virtual_dataset_over_chunks_that_were_stored_without_a_filter_is_read()
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            import zlib
            d = h5py.File(sys.argv[1]+'/s.h5','w').create_dataset('d', data=a.astype('u2'), chunks=(1,40,50), compression='gzip', shuffle=True)
            d.id.write_direct_chunk((2,0,0), zlib.compress(a[2].astype('u2').tobytes()), filter_mask=1); d.file.close()
            l = h5py.VirtualLayout((6,40,50),'u2'); l[:] = h5py.VirtualSource('s.h5','d',shape=(6,40,50))
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);

        ReadsOrNamesTheLibrary(folder["v.h5"], Expected(), "without shuffle");
    }

    [Fact]
    public void A_growing_virtual_dataset_whose_source_is_missing_is_refused_by_name()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            l = h5py.VirtualLayout((6,40,50),'u2',maxshape=(None,40,50)); U = h5py.h5s.UNLIMITED
            s = h5py.VirtualSource('gone.h5','d',shape=(6,40,50),maxshape=(None,40,50)); l[0:U,:,:] = s[0:U,:,:]
            h5py.File(sys.argv[1],'w').create_virtual_dataset('d', l)
            """, folder["v.h5"]);

        using var file = Hdf5File.Open(folder["v.h5"]);
        Assert.Contains("gone.h5 is missing", Assert.Throws<DataFormatException>(() => file.ReadFloats("/d")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_in_a_growing_virtual_dataset_opens()
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            h5py.File(sys.argv[1]+'/s.h5','w').create_dataset('d', data=a.astype('u2'), maxshape=(None,40,50), chunks=(1,40,50), compression='lzf')
            l = h5py.VirtualLayout((1,40,50),'u2',maxshape=(None,40,50)); U = h5py.h5s.UNLIMITED
            s = h5py.VirtualSource('s.h5','d',shape=(1,40,50),maxshape=(None,40,50)); l[0:U,:,:] = s[0:U,:,:]
            f = h5py.File(sys.argv[1]+'/v.h5','w'); f.create_virtual_dataset('exchange/data', l); f['exchange/theta'] = np.arange(6)*30.
            """, folder.Root);

        if (!Hdf5Library.IsFound)
        {
            Assert.Contains("libhdf5-103-1", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["v.h5"])).Message, StringComparison.Ordinal);
            return;
        }

        // The master says one frame; the source has six.
        using var scan = TomographyScan.Open(folder["v.h5"]);
        Assert.Equal(6, scan.Frames.AngleCount);
        Assert.Equal(Expected()[(5 * 2000) + (39 * 50) + 49], scan.Frames.Projection(5)[39, 49]);
    }

    [Theory]
    [InlineData("compression='szip', fletcher32=True", "s.h5", "cannot be read at [0,0,0]")]
    [InlineData("compression='lzf'", "v.h5", "LZF (filter 32000)")]
    public void A_damaged_chunk_is_an_error_with_its_reason(string option, string open, string named)
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + $$"""
            d = h5py.File(sys.argv[1]+'/s.h5','w').create_dataset('d', data=a.astype('u2'), maxshape=(None,40,50), chunks=(1,40,50), {{option}})
            d.id.write_direct_chunk((2,0,0), b'\xff'*37, filter_mask=0); d.file.close()
            l = h5py.VirtualLayout((6,40,50),'u2',maxshape=(None,40,50)); U = h5py.h5s.UNLIMITED
            s = h5py.VirtualSource('s.h5','d',shape=(6,40,50),maxshape=(None,40,50)); l[0:U,:,:] = s[0:U,:,:]
            h5py.File(sys.argv[1]+'/v.h5','w').create_virtual_dataset('d', l)
            """, folder.Root);

        using var file = Hdf5File.Open(folder[open]);
        if (Hdf5Library.IsFound)
        {
            Assert.Equal(Expected()[..2000], file.ReadFloats("/d", [0, 0, 0], [1, 40, 50]));
        }

        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/d"));
        Assert.Contains(Hdf5Library.IsFound ? named : "libhdf5-103-1", error.Message, StringComparison.Ordinal);
        Assert.Equal("/d", error.DatasetPath);
    }

    [Fact]
    public void A_filter_that_nobody_has_is_named()
    {
        using var folder = new TestFolder();
        H5py.Run(
            Numbers + """
            p = h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_chunk((1,40,50)); p.set_filter(32099, h5py.h5z.FLAG_OPTIONAL, (3,))
            f = h5py.File(sys.argv[1],'w'); d = h5py.h5d.create(f.id, b'd', h5py.h5t.NATIVE_UINT16, h5py.h5s.create_simple((6,40,50)), p)
            for i in range(6): d.write_direct_chunk((i,0,0), a[i].astype('u2').tobytes(), filter_mask=0)
            """, folder["a.h5"]);

        using var file = Hdf5File.Open(folder["a.h5"]);
        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/d"));
        Assert.Contains("filter 32099, which Beamline cannot decode itself", error.Message, StringComparison.Ordinal);
        Assert.Contains("h5repack", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_may_read()
    {
        using var folder = new TestFolder();
        H5py.Run(Numbers + "h5py.File(sys.argv[1],'w').create_dataset('d', data=a.astype('u2'), chunks=(1,40,50), compression='szip')", folder["a.h5"]);
        using var file = Hdf5File.Open(folder["a.h5"]);
        var expected = Expected();

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            if (Hdf5Library.IsFound)
            {
                Assert.Equal(expected[(i % 6 * 2000)..((i % 6 * 2000) + 2000)], file.ReadFloats("/d", [i % 6, 0, 0], [1, 40, 50]));
            }
            else
            {
                Assert.Throws<DataFormatException>(() => file.ReadFloats("/d", [i % 6, 0, 0], [1, 40, 50]));
            }
        });
    }

    private static void ReadsOrNamesTheLibrary(string path, float[] expected, string need)
    {
        using var file = Hdf5File.Open(path);
        if (Hdf5Library.IsFound)
        {
            Assert.Equal(expected, file.ReadFloats("/d"));
            Assert.Equal(expected[(2000 + (7 * 50) + 3)..(2000 + (7 * 50) + 14)], file.ReadFloats("/d", [1, 7, 3], [1, 1, 11]));
            Assert.Equal(Array.ConvertAll(expected, v => (double)v), file.ReadDoubles("/d"));
            return;
        }

        var error = Assert.Throws<DataFormatException>(() => file.ReadFloats("/d"));
        Assert.Contains(need, error.Message, StringComparison.Ordinal);
        Assert.All(Why, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal("/d", error.DatasetPath);
    }

    private static float[] Expected() => [.. Enumerable.Range(0, 6 * 40 * 50).Select(i => (float)(i * 37 % 120))];
}
