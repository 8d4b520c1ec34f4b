using Beamline.Arrays;

namespace Beamline.Data.Tests;

/// <summary>Scans of every kind of file: what is found, what is lazy, and what is said when parts do not fit.</summary>
public sealed class TomographyScanTests
{
    private const string DataExchange =
        """
        f = h5py.File(sys.argv[1],'w'); n,r,c = 5,3,4
        a = np.arange(n*r*c).reshape(n,r,c)
        f['exchange/data'] = a.astype('u2'); f['exchange/data_white'] = np.full((2,r,c),1000,'u2'); f['exchange/data_dark'] = np.full((3,r,c),7,'u2')
        f['exchange/theta'] = np.arange(n)*36.0

        """;

    [Fact]
    public void Data_exchange_gives_frames_flats_darks_angles_pixel_size_and_metadata()
    {
        using var folder = new TestFolder();
        H5py.Run(
            DataExchange + """
            d = f.create_dataset('measurement/instrument/detector/pixel_size', data=1.5); d.attrs['units']='um'
            f['measurement/sample/name'] = 'tooth'; f['exchange/data'].attrs['units']='counts'; f.attrs['version']='1.0'
            """, folder["s.h5"]);

        using var scan = TomographyScan.Open(folder["s.h5"]);

        Assert.Equal((5, 3, 4), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal(Quantity.Counts, scan.Frames.Quantity);
        Assert.True(scan.Frames.IsLazy);
        Assert.Equal([0, 36, 72, 108, 144], scan.AnglesDegrees);
        Assert.Equal(1.5, scan.PixelSize!.Value.Micrometers, 1e-9);
        var block = new float[2 * 2 * 4];
        scan.Frames.Read(new StackRegion(3, 2, 1, 2), block);
        Assert.Equal([.. Enumerable.Range(40, 8).Concat(Enumerable.Range(52, 8)).Select(i => (float)i)], block);
        var flats = new float[2 * 4];
        scan.Flats!.Read(2, 1, flats);
        Assert.All(flats, v => Assert.Equal(1000, v));
        Assert.Equal((2, 3), (scan.Flats.FrameCount, scan.Darks!.FrameCount));
        Assert.Equal(7, scan.Darks.Frame(2)[2, 3]);
        Assert.Equal("tooth", scan.Metadata["/measurement/sample/name"]);
        Assert.Equal("counts", scan.Metadata["/exchange/data@units"]);
        Assert.Equal("1.0", scan.Metadata["/@version"]);
        Assert.Equal("1.5 um", scan.Metadata["/measurement/instrument/detector/pixel_size"]);
        var step = Assert.Single(scan.Provenance.Steps);
        Assert.Equal(("open", "s.h5", "/exchange/data"), (step.Operation, step.Parameters["file"], step.Parameters["dataset"]));
        Assert.Equal(new FileInfo(folder["s.h5"]).Length.ToString(), step.Parameters["bytes"]);
        Assert.Equal("TomographyScan s.h5: 5 angles x 3 rows x 4 columns uint16, 0° to 144°, 2 flats, 3 darks, pixel 1.5 µm", scan.ToString());
    }

    [Fact]
    public void Angles_in_radians_are_converted_and_other_units_refused()
    {
        using var folder = new TestFolder();
        H5py.Run(DataExchange + "f['exchange/theta'][...] = np.arange(n)*np.pi/5; f['exchange/theta'].attrs['units']='rad'", folder["r.h5"]);
        H5py.Run(DataExchange + "f['exchange/theta'].attrs['units']='turns'", folder["t.h5"]);

        using var scan = TomographyScan.Open(folder["r.h5"]);
        Assert.Equal(36, scan.AnglesDegrees[1], 1e-12);
        Assert.Contains("'turns'", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["t.h5"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_or_wrong_angles_say_how_to_give_them()
    {
        using var folder = new TestFolder();
        H5py.Run(DataExchange + "del f['exchange/theta']", folder["n.h5"]);
        H5py.Run(DataExchange + "del f['exchange/theta']; f['exchange/theta']=np.arange(4.0)", folder["w.h5"]);

        var missing = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["n.h5"])).Message;
        Assert.Contains("/exchange/theta is not in the file", missing, StringComparison.Ordinal);
        Assert.Contains("AngleRange = new(0, 36)", missing, StringComparison.Ordinal);
        var wrong = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["w.h5"])).Message;
        Assert.Contains("5 projections", wrong, StringComparison.Ordinal);
        Assert.Contains("4 angles", wrong, StringComparison.Ordinal);
        using var ranged = TomographyScan.Open(folder["n.h5"], new ScanOptions { AngleRange = new(10, -2) });
        Assert.Equal([10, 8, 6, 4, 2], ranged.AnglesDegrees);
        using var listed = TomographyScan.Open(folder["w.h5"], new ScanOptions { AnglesDegrees = [1, 2, 3, 4, 9] });
        Assert.Equal([1, 2, 3, 4, 9], listed.AnglesDegrees);
    }

    [Fact]
    public void Flats_of_another_size_are_refused_with_both_sizes()
    {
        using var folder = new TestFolder();
        H5py.Run(DataExchange + "del f['exchange/data_white']; f['exchange/data_white']=np.zeros((2,3,8),'u2')", folder["s.h5"]);

        var message = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.h5"])).Message;
        Assert.Contains("3 rows x 8 columns against 3 x 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_hdf5_layout_opens_with_its_paths_and_a_wrong_path_is_listed()
    {
        using var folder = new TestFolder();
        H5py.Run(
            "f=h5py.File(sys.argv[1],'w'); f['a/img']=np.arange(24.).reshape(2,3,4); f['a/fl']=np.ones((3,4)); f['a/dk']=np.zeros((2,3,4)); f['a/ang']=np.array([0,90.])",
            folder["s.h5"]);
        var options = new ScanOptions { DataPath = "a/img", FlatPath = "/a/fl", DarkPath = "/a/dk", AnglePath = "/a/ang" };

        using var scan = TomographyScan.Open(folder["s.h5"], options);
        Assert.Equal([0, 90], scan.AnglesDegrees);
        Assert.Equal(1, scan.Flats!.FrameCount);
        Assert.Equal(23, scan.Frames.Projection(1)[2, 3]);
        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.h5"], options with { DataPath = "a/imh" }));
        Assert.Contains("Did you mean /a/img?", error.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.h5"]));
        Assert.Contains("neither a Data Exchange file nor an NXtomo file", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("/a/img [2,3,4] float64", unknown.Message, StringComparison.Ordinal);
        var flat = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.h5"], options with { DataPath = "a/ang" }));
        Assert.Contains("not a stack of images", flat.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nxtomo_frames_are_sorted_by_their_image_key()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            f=h5py.File(sys.argv[1],'w'); e='entry1/tomo_entry/'
            f[e+'instrument/detector/data']=np.repeat(np.arange(7),6).reshape(7,2,3).astype('u2')
            f[e+'instrument/detector/image_key']=np.array([2,1,0,0,3,0,1]); f[e+'sample/rotation_angle']=np.array([0,0,10,20,25,30,30.])
            f[e+'data/data']=h5py.SoftLink('/'+e+'instrument/detector/data')
            """, folder["s.nxs"]);

        using var scan = TomographyScan.Open(folder["s.nxs"]);
        Assert.Equal([10, 20, 30], scan.AnglesDegrees);
        Assert.Equal([2f, 3f, 5f], Enumerable.Range(0, 3).Select(i => scan.Frames.Projection(i)[1, 2]));
        var block = new float[3 * 1 * 3];
        scan.Frames.Read(new StackRegion(0, 3, 1, 1), block);
        Assert.Equal([2, 2, 2, 3, 3, 3, 5, 5, 5], block);
        Assert.Equal((2, 1), (scan.Flats!.FrameCount, scan.Darks!.FrameCount));
        Assert.Equal(6, scan.Flats.Frame(1)[0, 0]);
        var flats = new float[2 * 1 * 3];
        scan.Flats.Read(1, 1, flats);
        Assert.Equal([1, 1, 1, 6, 6, 6], flats);
        Assert.Throws<ArgumentOutOfRangeException>(() => scan.Flats.Read(1, 2, new float[12]));
        Assert.Throws<ArgumentOutOfRangeException>(() => scan.Flats.Read(0, 2, new float[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => scan.Flats.Frame(2));
    }

    [Fact]
    public void The_real_nxtomo_names_the_file_that_its_images_are_in()
    {
        var path = RealData.PathOf("i13_24737", "24888_nxtomo_metadata_only.nxs");

        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(path));
        Assert.Contains("/entry1/tomo_entry/instrument/detector/data is a link that leads nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("/dls/i13/data/2014/mt9396-1/raw/pco1-24888.hdf is missing", error.Message, StringComparison.Ordinal);
        using var file = Hdf5File.Open(path);
        Assert.Equal(111, file.ReadDoubles("/entry1/tomo_entry/instrument/detector/image_key").Length);
        Assert.Equal(111, file.ReadDoubles("/entry1/tomo_entry/sample/rotation_angle").Length);
    }

    [Fact]
    public void The_tooth_opens_as_a_scan()
    {
        using var scan = TomographyScan.Open(RealData.PathOf("aps2bm_tooth", "tooth.h5"));
        Assert.Equal((181, 2, 640), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal((10, 10), (scan.Flats!.FrameCount, scan.Darks!.FrameCount));
        Assert.Equal(179.0055, scan.AnglesDegrees[^1], 1e-4);
        using var all = scan.Frames.Materialize();
        var sum = 0.0;
        for (var i = 0; i < 181; i++)
        {
            foreach (var value in all.Frame(i))
            {
                sum += value;
            }
        }

        Assert.Equal(4749233396.5, sum, 0.01);
    }

    [Fact]
    public void The_i13_tiff_stack_opens_with_flats_darks_and_angles()
    {
        var root = RealData.PathOf("i13_24737");
        using var scan = TomographyScan.Open(Path.Combine(root, "projections"), new ScanOptions
        {
            AngleRange = new(-88.2, 2),
            FlatFiles = Path.Combine(root, "flat_*.tiff"),
            DarkFiles = Path.Combine(root, "dark_00001.tiff"),
        });

        Assert.Equal((91, 135, 160), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal("uint16", scan.StoredType.ToString());
        Assert.Equal(91.8, scan.AnglesDegrees[^1], 1e-9);
        Assert.Equal((1, 1), (scan.Flats!.FrameCount, scan.Darks!.FrameCount));
        var rows = new float[91 * 7 * 160];
        scan.Frames.Read(new StackRegion(0, 91, 60, 7), rows);
        var whole = scan.Frames.Projection(90);
        Assert.Equal(whole.Values.Slice(60 * 160, 7 * 160).ToArray(), rows[^(7 * 160)..]);
        Assert.True(scan.Flats.Frame(0).Values.ToArray().Average() > scan.Darks.Frame(0).Values.ToArray().Average());
        var expected = H5py.Run(
            "import glob\nfrom skimage.io import imread\nfs=sorted(glob.glob(sys.argv[1]+'/projections/*.tif*')); print(sum(int(imread(f).astype('i8').sum()) for f in fs))", root);
        var sum = 0.0;
        for (var i = 0; i < 91; i++)
        {
            sum += scan.Frames.Projection(i).Values.ToArray().Sum(v => (double)v);
        }

        Assert.Equal(double.Parse(expected), sum);
        Assert.Contains("image files do not hold angles", Assert.Throws<DataFormatException>(() =>
            TomographyScan.Open(Path.Combine(root, "projections"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_a_file_of_many_gigabytes_reads_almost_nothing()
    {
        using var folder = new TestFolder();
        using (var file = new FileStream(folder["big.raw"], FileMode.CreateNew))
        {
            file.SetLength(2L * 1800 * 2048 * 2048);
        }

        H5py.Run(
            """
            f=h5py.File(sys.argv[1],'w')
            for n,c in (('data',1800),('data_white',20),('data_dark',20)):
                p=h5py.h5p.create(h5py.h5p.DATASET_CREATE); p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY); p.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
                h5py.h5d.create(f.require_group('exchange').id, n.encode(), h5py.h5t.STD_U16LE, h5py.h5s.create_simple((c,2048,2048)), p)
            f['exchange/theta']=np.arange(1800)*.1
            """, folder["big.h5"]);
        var raw = new ScanOptions { Raw = new RawLayout(1800, 2048, 2048, ElementType.UInt16), AngleRange = new(0, 0.1) };

        foreach (var (name, options) in new[] { ("big.h5", null), ("big.raw", raw) })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var scan = TomographyScan.Open(folder[name], options);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20, "opening must not read the images");
            Assert.True(scan.Frames.ByteLength > 25L << 30);
            var corner = new float[2048];
            scan.Frames.Read(new StackRegion(1799, 1, 2047, 1), corner);
            Assert.All(corner, v => Assert.Equal(0, v));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(", chunks=(4,64,2048), compression='gzip', compression_opts=1")]
    public void Blocks_larger_than_a_piece_are_put_together_right(string layout)
    {
        using var folder = new TestFolder();
        H5py.Run(
            "a=((np.arange(9)*7)[:,None,None]+(np.arange(1024)*3)[None,:,None]+np.arange(2048)[None,None,:])%251\n" +
            $"f=h5py.File(sys.argv[1],'w'); f['exchange/theta']=np.arange(9.); f.create_dataset('exchange/data', data=a.astype('u2'){layout})",
            folder["s.h5"]);
        using var scan = TomographyScan.Open(folder["s.h5"]);
        var block = new float[8 * 1000 * 2048];
        scan.Frames.Read(new StackRegion(1, 8, 13, 1000), block);
        for (var i = 0; i < block.Length; i++)
        {
            var (frame, row, column) = (1 + (i / (1000 * 2048)), 13 + (i / 2048 % 1000), i % 2048);
            if (block[i] != ((frame * 7) + (row * 3) + column) % 251)
            {
                Assert.Fail($"frame {frame}, row {row}, column {column} is {block[i]}");
            }
        }
    }

    [Fact]
    public void Many_threads_read_the_same_numbers_as_one()
    {
        using var folder = new TestFolder();
        H5py.Run(
            """
            f=h5py.File(sys.argv[1],'w'); f['exchange/theta']=np.arange(40.)
            f.create_dataset('exchange/data', data=np.random.default_rng(1).integers(0,60000,(40,24,32)).astype('u2'), chunks=(1,24,32), compression='gzip', shuffle=True)
            """, folder["s.h5"]);
        using var scan = TomographyScan.Open(folder["s.h5"]);
        using var expected = scan.Frames.Materialize();

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var region = new StackRegion(i % 30, 1 + (i % 10), i % 12, 1 + (i % 12));
            var one = new float[region.AngleCount * region.RowCount * 32];
            var other = new float[one.Length];
            scan.Frames.Read(region, one);
            expected.Read(region, other);
            Assert.Equal(other, one);
        });
    }

    [Fact]
    public void A_closed_scan_says_so()
    {
        using var folder = new TestFolder();
        H5py.Run(DataExchange, folder["s.h5"]);
        var scan = TomographyScan.Open(folder["s.h5"]);
        scan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scan.Frames.Projection(0));
    }

    [Fact]
    public void Unknown_and_missing_files_say_what_can_be_opened()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["notes.txt"], "words");
        Assert.Contains("ScanOptions.Raw", Message(folder["notes.txt"]), StringComparison.Ordinal);
        Assert.Contains("Did you mean notes.txt?", Message(folder["note.txt"]), StringComparison.Ordinal);
        Assert.Contains("no file matches *.tif", Message(folder["*.tif"]), StringComparison.Ordinal);
        Assert.Contains("no file matches", Message(folder.Root), StringComparison.Ordinal);

        static string Message(string path) => Assert.Throws<DataFormatException>(() => TomographyScan.Open(path)).Message;
    }

    [Fact]
    public void Options_refuse_what_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => new ScanOptions { AnglesDegrees = [0, double.NaN] });
        Assert.Throws<ArgumentException>(() => new ScanOptions { AngleRange = new(0, 0) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScanOptions { PixelSize = new Length(0) });
        Assert.Throws<ArgumentException>(() => new ScanOptions { Raw = new RawLayout(1, 0, 1, ElementType.UInt8) });
    }
}
