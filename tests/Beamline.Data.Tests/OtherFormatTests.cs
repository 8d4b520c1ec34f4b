using Beamline.Arrays;

namespace Beamline.Data.Tests;

/// <summary>MATLAB, MRC and Zeiss files, against scipy, mrcfile and olefile.</summary>
public sealed class OtherFormatTests
{
    [Fact]
    public void The_real_dendrite_sinogram_opens_with_its_angles_in_degrees()
    {
        var path = RealData.PathOf("i12_dendrite", "RealDataDend.mat");
        var expected = H5py.Run(
            "import scipy.io; m=scipy.io.loadmat(sys.argv[1]); s=m['sinoRD']; print(repr(float(s.astype('f8').sum())), float(s[17,33]), float(s[1259,359]), repr(float(np.degrees(m['anglesRad'][7,0]))))",
            path).Split(' ').Select(double.Parse).ToArray();

        using var scan = TomographyScan.Open(path);

        Assert.Equal((360, 1, 1260), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal(expected[3], scan.AnglesDegrees[7], 1e-9);
        var values = new float[360 * 1260];
        scan.Frames.Read(new StackRegion(0, 360, 0, 1), values);
        Assert.Equal(expected[0], values.Sum(v => (double)v), 1e-3);
        Assert.Equal(((float)expected[1], (float)expected[2]), (values[(33 * 1260) + 17], values[^1]));
        Assert.Equal(ElementType.Float32, scan.StoredType);
    }

    [Theory]
    [InlineData("s=np.arange(12.).reshape(3,4); theta=np.array([[0,60,120.]])", "False", 3, 1, 4)]
    [InlineData("s=np.arange(12.).reshape(4,3).T.copy().T; theta=np.array([[0],[60],[120.]])", "True", 3, 1, 4)]
    [InlineData("s=np.arange(60).reshape(4,5,3).astype('u2'); theta=np.array([[0,60,120.]])", "True", 3, 5, 4)]
    public void Matlab_arrays_are_turned_so_that_angles_come_first(string arrays, string compressed, int angles, int rows, int columns)
    {
        using var folder = new TestFolder();
        var expected = H5py.Run(
            $"import scipy.io\n{arrays}\nscipy.io.savemat(sys.argv[1],dict(a_text='x',sino=s,theta=theta),do_compression={compressed})\n" +
            "v = s if s.ndim==2 and s.shape[0]==3 else s.T\nprint(*v.ravel())", folder["m.mat"]).Split(' ').Select(float.Parse).ToArray();

        using var scan = TomographyScan.Open(folder["m.mat"]);

        Assert.Equal((angles, rows, columns), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal([0, 60, 120], scan.AnglesDegrees);
        var values = new float[expected.Length];
        scan.Frames.Read(new StackRegion(0, angles, 0, rows), values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Matlab_variables_are_chosen_by_name_and_damage_is_said()
    {
        using var folder = new TestFolder();
        H5py.Run("import scipy.io; scipy.io.savemat(sys.argv[1],dict(big=np.zeros((9,9)),p=np.arange(6.).reshape(3,2),t=[0,90.],w=np.ones((3,1))),do_compression=True)", folder["m.mat"]);

        using var scan = TomographyScan.Open(folder["m.mat"], new ScanOptions { DataPath = "p", AnglePath = "t", FlatPath = "w" });
        Assert.Equal((2, 3, 1), (scan.Frames.AngleCount, scan.Frames.ColumnCount, scan.Flats!.FrameCount));
        Assert.Contains("Did you mean big?", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["m.mat"], new() { DataPath = "bib" })).Message, StringComparison.Ordinal);
        Assert.Contains("no variable of the MATLAB file is named like angles", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["m.mat"])).Message, StringComparison.Ordinal);

        var bytes = File.ReadAllBytes(folder["m.mat"]);
        File.WriteAllBytes(folder["cut.mat"], bytes[..^20]);
        Assert.Contains("cut off", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["cut.mat"])).Message, StringComparison.Ordinal);
        var random = new Random(2);
        for (var round = 0; round < 300; round++)
        {
            var bad = (byte[])bytes.Clone();
            bad[128 + random.Next(bytes.Length - 128)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["bad.mat"], bad);
            try
            {
                using var opened = TomographyScan.Open(folder["bad.mat"], new ScanOptions { AngleRange = new(0, 1) });
                opened.Frames.Projection(0);
            }
            catch (DataFormatException)
            {
            }
        }
    }

    [Theory]
    [InlineData("i1")]
    [InlineData("i2")]
    [InlineData("u2")]
    [InlineData("f4")]
    [InlineData("f2")]
    [InlineData(">i2")]
    public void Mrc_files_are_read_as_mrcfile_writes_them(string type)
    {
        using var folder = new TestFolder();
        var said = H5py.Run(
            """
            try: import mrcfile
            except ImportError as e: print('skip', e); sys.exit()
            a = (np.arange(3*4*5).reshape(3,4,5)-7*(sys.argv[2]!='u2')).astype(sys.argv[2])
            with mrcfile.new(sys.argv[1]) as m:
                m.set_data(a); m.set_extended_header(np.zeros(160,'u1').view('V160')); m.voxel_size = 12.5
            """, folder["s.mrc"], type);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-mrcfile: " + said);
        File.WriteAllText(folder["s.rawtlt"], "-60\n0.5\n60\n");

        using var scan = TomographyScan.Open(folder["s.mrc"]);

        Assert.Equal([-60, 0.5, 60], scan.AnglesDegrees);
        Assert.Equal(1.25, scan.PixelSize!.Value.Micrometers * 1000, 1e-5);
        var values = new float[60];
        scan.Frames.Read(new StackRegion(0, 3, 0, 4), values);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (float)i - (type == "u2" ? 0 : 7)), values);
        Assert.Contains("angle 1 is 'x'", Fails(() => { File.WriteAllText(folder["s.rawtlt"], "1 x 3"); TomographyScan.Open(folder["s.mrc"]); }), StringComparison.Ordinal);
        File.Delete(folder["s.rawtlt"]);
        Assert.Contains("no s.rawtlt", Fails(() => TomographyScan.Open(folder["s.mrc"])), StringComparison.Ordinal);
        File.WriteAllBytes(folder["c.mrc"], File.ReadAllBytes(folder["s.mrc"])[..^3]);
        Assert.Contains("cut off", Fails(() => TomographyScan.Open(folder["c.mrc"])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_tilt_series_of_a_zeiss_microscope_opens()
    {
        var path = RealData.PathOf("xradia_chip", "txrm_test_chip_tomo.txrm");
        var expected = Ole(path, "ImageData1/Image7");

        using var scan = TomographyScan.Open(path);

        Assert.Equal((7, 256, 256), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal(ElementType.UInt16, scan.StoredType);
        Assert.Equal(-45.018, scan.AnglesDegrees[0], 0.001);
        Assert.Equal(45, scan.AnglesDegrees[6], 0.1);
        Assert.Equal(0.15579, scan.PixelSize!.Value.Micrometers, 1e-4);
        Assert.Null(scan.Flats);
        var last = new float[256 * 256];
        scan.Frames.Read(new StackRegion(6, 1, 0, 256), last);
        Assert.Equal(expected, last);
        var rows = new float[7 * 3 * 256];
        scan.Frames.Read(new StackRegion(0, 7, 100, 3), rows);
        Assert.Equal(expected[(100 * 256)..(103 * 256)], rows[^(3 * 256)..]);
    }

    [Fact]
    public void The_real_single_image_of_a_zeiss_microscope_opens_with_its_reference()
    {
        var path = RealData.PathOf("xradia_chip", "test_chip00.xrm");

        using var scan = TomographyScan.Open(path);

        Assert.Equal((1, 512, 512), (scan.Frames.AngleCount, scan.Frames.RowCount, scan.Frames.ColumnCount));
        Assert.Equal(Ole(path, "ReferenceData/Image"), scan.Flats!.Frame(0).Values.ToArray());
        Assert.Equal(Ole(path, "ImageData1/Image1"), scan.Frames.Projection(0).Values.ToArray());
    }

    [Fact]
    public void Damaged_zeiss_files_give_clear_errors()
    {
        var bytes = File.ReadAllBytes(RealData.PathOf("xradia_chip", "txrm_test_chip_tomo.txrm"));
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["cut.txrm"], bytes[..300_000]);
        Assert.Contains("compound document (OLE2) is damaged", Fails(() => Use(folder["cut.txrm"])), StringComparison.Ordinal);
        File.WriteAllText(folder["text.txrm"], "hello");
        Assert.Contains("no Zeiss XRM or TXRM", Fails(() => Use(folder["text.txrm"])), StringComparison.Ordinal);
        var random = new Random(4);
        for (var round = 0; round < 150; round++)
        {
            var bad = (byte[])bytes.Clone();
            for (var k = 0; k < 4; k++)
            {
                // The header, and what lies in the last part of the file: tables and directory.
                bad[round % 3 == 0 ? random.Next(512) : bytes.Length - 1 - random.Next(120_000)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(folder["bad.txrm"], bad);
            try
            {
                Use(folder["bad.txrm"]);
            }
            catch (DataFormatException)
            {
            }
        }
    }

    private static void Use(string path)
    {
        using var scan = TomographyScan.Open(path, new ScanOptions { AngleRange = new(0, 1) });
        for (var i = 0; i < scan.Frames.AngleCount; i++)
        {
            scan.Frames.Projection(i);
        }
    }

    private static string Fails(Action action) => Assert.Throws<DataFormatException>(action).Message;

    private static float[] Ole(string path, string stream)
    {
        var said = H5py.Run(
            """
            try: import olefile
            except ImportError as e: print('skip', e); sys.exit()
            print(*np.frombuffer(olefile.OleFileIO(sys.argv[1]).openstream(sys.argv[2]).read(),'u2'))
            """, path, stream);
        Assert.SkipWhen(said.StartsWith("skip", StringComparison.Ordinal), "Without python3-olefile: " + said);
        return [.. said.Split(' ').Select(float.Parse)];
    }
}
