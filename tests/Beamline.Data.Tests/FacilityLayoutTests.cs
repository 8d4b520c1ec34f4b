namespace Beamline.Data.Tests;

/// <summary>HDF5 scans whose parts lie where a facility put them, and angles that cannot be right.</summary>
public sealed class FacilityLayoutTests
{
    private const string Frames = "d=np.repeat(np.arange(7),6).reshape(7,2,3).astype('u2'); k=np.array([2,1,0,0,3,0,1]); a=np.array([0,0,10,20,25,30,30.])\nf=h5py.File(sys.argv[1],'w')\n";

    [Theory]
    [InlineData("f['entry/instrument/imaging/data']=d; f['entry/instrument/imaging/image_key']=k; f['entry/imaging/gts_theta_value']=a")]
    [InlineData("f['entry1/instrument/pco/data']=d; f['entry1/instrument/tomoScanDevice/image_key']=k; f['entry1/instrument/tomoScanDevice/ss1_rot']=a")]
    [InlineData("f['entry1/instrument/pco/data']=d; f['entry1/pco/image_key']=k; f['entry1/pco/ss1_rot']=a; f['entry1/pco/data']=h5py.SoftLink('/entry1/instrument/pco/data')")]
    [InlineData("f['entry0000/instrument/detector/data']=d; f['entry0000/instrument/detector/image_key']=k; f['entry0000/instrument/detector/image_key_control']=-k; f['entry0000/sample/rotation_angle']=a")]
    [InlineData("f['entry/instrument/cam/data']=d; f['entry/instrument/cam/image_key']=k; f['entry/data/rotation_angle']=a")]
    public void Scattered_nxtomo_files_open_without_paths(string layout)
    {
        using var folder = new TestFolder();
        H5py.Run(Frames + layout, folder["s.nxs"]);

        using var scan = TomographyScan.Open(folder["s.nxs"]);

        Assert.Equal([10, 20, 30], scan.AnglesDegrees);
        Assert.Equal([2f, 3f, 5f], Enumerable.Range(0, 3).Select(i => scan.Frames.Projection(i)[1, 2]));
        Assert.Equal((2, 1), (scan.Flats!.FrameCount, scan.Darks!.FrameCount));
    }

    [Fact]
    public void Any_place_opens_with_paths_that_the_user_gives()
    {
        using var folder = new TestFolder();
        H5py.Run(Frames + "f['a/b']=d; f['keys']=k; f['motor/position']=a*np.pi/180", folder["s.h5"]);
        var options = new ScanOptions { DataPath = "/a/b", ImageKeyPath = "keys", AnglePath = "motor/position", AngleUnit = AngleUnit.Radians };

        using var scan = TomographyScan.Open(folder["s.h5"], options);

        Assert.Equal(3, scan.AnglesDegrees.Count);
        Assert.Equal(20, scan.AnglesDegrees[1], 1e-12);
        Assert.Equal(2, scan.Flats!.FrameCount);
        var wrong = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.h5"], options with { ImageKeyPath = "keyz" }));
        Assert.Contains("Did you mean /keys?", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_detectors_ask_for_a_choice()
    {
        using var folder = new TestFolder();
        H5py.Run(Frames + "for c in 'xy': f[f'entry/instrument/{c}/data']=d; f[f'entry/{c}/gts_theta_value']=a", folder["s.nxs"]);

        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["s.nxs"]));
        Assert.Contains("/entry/instrument/x/data, /entry/instrument/y/data", error.Message, StringComparison.Ordinal);
        using var chosen = TomographyScan.Open(folder["s.nxs"], new ScanOptions { DataPath = "/entry/instrument/y/data" });
        Assert.Equal(7, chosen.AnglesDegrees.Count);
    }

    [Fact]
    public void Images_behind_a_dead_absolute_link_are_found_beside_the_master_and_in_its_folders()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["raw"]);
        H5py.Run(
            """
            d=np.arange(5*6).reshape(5,2,3).astype('u2')
            for n in ('beside.h5','raw/below.h5'): h5py.File(sys.argv[1]+'/'+n,'w')['entry/data']=d
            for n in ('beside','below'):
                f=h5py.File(f'{sys.argv[1]}/{n}.nxs','w'); e='entry1/tomo_entry/'
                f[e+'instrument/detector/data']=h5py.ExternalLink(f'/dls/i13/data/{n}.h5','/entry/data')
                f[e+'instrument/detector/image_key']=np.zeros(5); f[e+'sample/rotation_angle']=np.arange(5.)
            """, folder.Root);

        foreach (var name in (string[])["beside.nxs", "below.nxs"])
        {
            using var scan = TomographyScan.Open(folder[name]);
            Assert.Equal(29, scan.Frames.Projection(4)[1, 2]);
        }
    }

    [Fact]
    public void Data_exchange_without_theta_takes_the_planned_rotation_and_says_so()
    {
        using var folder = new TestFolder();
        H5py.Run(
            "f=h5py.File(sys.argv[1],'w'); f['exchange/data']=np.zeros((5,3,4),'u2'); g='process/acquisition/rotation/'; f[g+'rotation_start']=[-90.]; f[g+'rotation_step']=[0.5]",
            folder["p.h5"]);

        using var scan = TomographyScan.Open(folder["p.h5"]);
        Assert.Equal([-90, -89.5, -89, -88.5, -88], scan.AnglesDegrees);
        Assert.Contains("planned", Assert.Single(scan.Warnings), StringComparison.Ordinal);
        Assert.Contains("Note: /exchange/theta is not in the file", scan.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("np.arange(181)*np.pi/180")]
    [InlineData("np.arange(180)*np.pi/180")]
    [InlineData("-1.5+np.arange(360)*2*np.pi/360")]
    public void Radians_taken_for_degrees_are_refused_with_the_way_out(string theta)
    {
        using var folder = new TestFolder();
        H5py.Run($"f=h5py.File(sys.argv[1],'w'); t={theta}; f['exchange/data']=np.zeros((len(t),3,4),'u2'); f['exchange/theta']=t", folder["r.h5"]);

        var error = Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["r.h5"]));
        Assert.Contains("looks like radians", error.Message, StringComparison.Ordinal);
        Assert.Contains("AngleUnit.Radians", error.Message, StringComparison.Ordinal);
        using var converted = TomographyScan.Open(folder["r.h5"], new ScanOptions { AngleUnit = AngleUnit.Radians });
        Assert.Equal(1, converted.AnglesDegrees[1] - converted.AnglesDegrees[0], 1e-9);
        using var believed = TomographyScan.Open(folder["r.h5"], new ScanOptions { AngleUnit = AngleUnit.Degrees });
        Assert.Equal(Math.PI / 180, believed.AnglesDegrees[1] - believed.AnglesDegrees[0], 1e-9);
        double[] given = [.. Enumerable.Range(0, converted.AnglesDegrees.Count).Select(i => i * Math.PI / (converted.AnglesDegrees.Count - 1))];
        Assert.Contains("radians", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["r.h5"], new() { AnglesDegrees = given })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsorted_and_repeated_angles_open_with_a_note()
    {
        using var folder = new TestFolder();
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['exchange/data']=np.zeros((6,3,4),'u2'); f['exchange/theta']=[0,30,60,30,90,120.]", folder["u.h5"]);
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['exchange/data']=np.zeros((6,3,4),'u2'); f['exchange/theta']=[150,120,90,60,30,0.]", folder["d.h5"]);
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['exchange/data']=np.zeros((6,3,4),'u2'); f['exchange/theta']=[0,30,np.nan,30,90,120.]", folder["n.h5"]);

        using var scan = TomographyScan.Open(folder["u.h5"]);
        Assert.Equal(2, scan.Warnings.Count);
        Assert.Contains("not in order: they turn around 2 times, first at projection 3 (60° to 30°)", scan.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("30° of projections 1 and 3", scan.Warnings[1], StringComparison.Ordinal);
        using var down = TomographyScan.Open(folder["d.h5"]);
        Assert.Empty(down.Warnings);
        Assert.Contains("angle 2 is NaN", Assert.Throws<DataFormatException>(() => TomographyScan.Open(folder["n.h5"])).Message, StringComparison.Ordinal);
    }
}
