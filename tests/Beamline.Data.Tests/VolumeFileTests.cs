using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Data.Tests;

/// <summary>Volumes and pictures written and read again, here and by other programs; and nothing left behind by failures.</summary>
public sealed class VolumeFileTests
{
    public static TheoryData<string> Kinds => ["v.h5", "v.tif", "v.npy", "v.raw", "v/"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_volume_comes_back_as_it_was(string name)
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        volume.Save(folder[name]);
        using var back = Volume.Open(folder[name]);

        Assert.Equal((5, 4, 3), (back.SliceCount, back.RowCount, back.ColumnCount));
        for (var z = 0; z < 5; z++)
        {
            Assert.Equal(volume.Slice(z).ToArray(), back.Slice(z).ToArray());
        }

        if (!name.EndsWith("npy", StringComparison.Ordinal))
        {
            Assert.Equal(Quantity.AttenuationPerCentimeter, back.Quantity);
            Assert.Equal(volume.VoxelSize, back.VoxelSize);
            Assert.Equal(volume.Provenance.ToString(), back.Provenance.ToString());
        }

        Assert.DoesNotContain(folder.Names, n => n.StartsWith('.'));
    }

    [Fact]
    public void Python_reads_every_kind()
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        foreach (var name in new[] { "v.h5", "v.tif", "v.npy", "v.raw", "v/" })
        {
            volume.Save(folder[name]);
        }

        var printed = H5py.Run(
            """
            import json, glob
            r = sys.argv[1]; e = (np.arange(60).reshape(5,4,3)*0.5-7).astype('f4')
            f = h5py.File(r+'/v.h5'); d = f['exchange/data']
            s = lambda v: v.decode() if isinstance(v, bytes) else v
            assert d.dtype == 'f4' and (d[...] == e).all(), d[...]
            print(s(d.attrs['units']), s(d.attrs['axes']), s(d.attrs['description']), list(d.attrs['voxel_size']), s(d.attrs['voxel_size_units']))
            print(json.loads(s(f['process/provenance'][()]))[1]['operation'])
            assert (np.load(r+'/v.npy') == e).all() and (np.fromfile(r+'/v.raw','<f4').reshape(5,4,3) == e).all()
            print(json.load(open(r+'/v.raw.json'))['dimensions'])
            try: from skimage.io import imread
            except ImportError: sys.exit()
            assert (imread(r+'/v.tif') == e).all()
            assert (np.stack([imread(p) for p in sorted(glob.glob(r+'/v/recon_*.tiff'))]) == e).all()
            """, folder.Root);
        Assert.Equal("1/cm z:y:x linear attenuation [3e-06, 2e-06, 1e-06] m\nfbp\n[5, 4, 3]", printed.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_volume_of_another_program_opens_when_it_is_the_only_one()
    {
        using var folder = new TestFolder();
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['entry/result']=np.arange(24,dtype='>u2').reshape(2,3,4); f['entry/t']=np.zeros(3)", folder["a.h5"]);
        H5py.Run("f=h5py.File(sys.argv[1],'w'); f['a']=np.zeros((2,3,4)); f['b']=np.zeros((2,3,4))", folder["b.h5"]);

        using var volume = Volume.Open(folder["a.h5"]);
        Assert.Equal(23, volume[1, 2, 3]);
        Assert.Contains("several datasets", Assert.Throws<DataFormatException>(() => Volume.Open(folder["b.h5"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v.h5")]
    [InlineData("v.raw")]
    [InlineData("v.npy")]
    [InlineData("v/")]
    public void A_writer_takes_slabs_in_any_order(string name)
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        using (var writer = VolumeWriter.Create(folder[name], 5, 4, 3, Quantity.AttenuationPerPixel))
        {
            foreach (var (start, count) in new[] { (3, 2), (0, 1), (1, 2) })
            {
                writer.WriteSlices(start, volume.Memory.Span(start * 12L, count * 12));
            }

            Assert.Equal(5, writer.WrittenSlices);
            Assert.False(Path.Exists(folder[name].TrimEnd('/')));
            writer.Complete();
        }

        using var back = Volume.Open(folder[name]);
        Assert.Equal(volume.Memory.Span(0, 60).ToArray(), back.Memory.Span(0, 60).ToArray());
    }

    [Fact]
    public void A_tiff_writer_wants_slices_in_order()
    {
        using var folder = new TestFolder();
        using var writer = VolumeWriter.Create(folder["v.tif"], 3, 1, 2);
        writer.WriteSlices(0, [1, 2]);
        Assert.Contains("in order", Assert.Throws<ArgumentException>(() => writer.WriteSlices(2, [1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => writer.WriteSlices(0, [1, 2]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_unfinished_volume_leaves_nothing_and_the_old_file_stays(string name)
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        volume.Save(folder[name]);
        var before = folder.Names;
        using (var writer = VolumeWriter.Create(folder[name], 5, 4, 3))
        {
            writer.WriteSlices(0, new float[12]);
            Assert.Throws<InvalidOperationException>(writer.Complete);
            Assert.Throws<ArgumentException>(() => writer.WriteSlices(4, new float[24]));
            Assert.Throws<ArgumentException>(() => writer.WriteSlices(1, new float[11]));
        }

        Assert.Equal(before, folder.Names);
        using var back = Volume.Open(folder[name]);
        Assert.Equal(volume.Slice(0).ToArray(), back.Slice(0).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cancelled_save_leaves_nothing(string name)
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        using var cancel = new CancellationTokenSource();
        var reports = 0;
        var progress = new Reports(_ =>
        {
            if (++reports == 3)
            {
                cancel.Cancel();
            }
        });
        using (RunContext.Use(new RunContext { CancellationToken = cancel.Token, Progress = progress }))
        {
            Assert.Throws<OperationCanceledException>(() => volume.Save(folder[name]));
        }

        Assert.Equal(3, reports);
        Assert.Empty(folder.Names);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_full_disk_is_told_and_leaves_nothing(string name)
    {
        using var folder = new TestFolder();
        using var disk = SmallDisk.Mount(folder["disk"]);
        using var volume = new Volume(64, 128, 128);

        var error = Assert.Throws<DataFormatException>(() => volume.Save(Path.Combine(folder["disk"], name)));

        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["disk"], error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder["disk"]));
    }

    [Fact]
    public void Names_that_cannot_be_written_are_refused_before_any_work()
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        Assert.Contains("Kinds are .h5, .tif, .npy and .raw", Message("v.jpg"), StringComparison.Ordinal);
        Assert.Contains("there is no folder", Message("no/v.h5"), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["d.h5"]);
        Assert.Contains("is a folder", Message("d.h5"), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/thesis.txt"], "years of work");
        Assert.Contains("the folder holds thesis.txt", Message("mine/"), StringComparison.Ordinal);
        Assert.Equal("years of work", File.ReadAllText(folder["mine/thesis.txt"]));

        string Message(string name) => Assert.Throws<DataFormatException>(() => volume.Save(folder[name])).Message;
    }

    [Fact]
    public void Saving_again_replaces_the_slices_of_a_folder()
    {
        using var folder = new TestFolder();
        using var volume = Sample();
        volume.Save(folder["v/"]);
        using var smaller = new Volume(2, 4, 3);
        smaller.Save(folder["v/"]);
        Assert.Equal(["recon_00000.tiff", "recon_00001.tiff"], Directory.GetFiles(folder["v"]).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("a.tif")]
    [InlineData("a.npy")]
    public void A_picture_comes_back(string name)
    {
        using var folder = new TestFolder();
        var image = new Image(2, 3, [1, 2, 3, 4, 5, float.NaN]) { Quantity = Quantity.Transmission, PixelSizeX = new Length(1e-6), PixelSizeY = new Length(2e-6) };
        image.Save(folder[name]);
        var back = Image.Open(folder[name]);
        Assert.Equal(image.Values.ToArray(), back.Values.ToArray());
        Assert.Equal([name], folder.Names);
        if (name == "a.tif")
        {
            Assert.Equal((Quantity.Transmission, new Length(2e-6)), (back.Quantity, back.PixelSizeY!.Value));
        }

        Assert.Throws<DataFormatException>(() => image.Save(folder["a.bmp"]));
        Assert.Throws<DataFormatException>(() => Image.Open(folder["b.tif"]));
    }

    private static Volume Sample()
    {
        var volume = new Volume(5, 4, 3)
        {
            Quantity = Quantity.AttenuationPerCentimeter,
            VoxelSize = new VoxelSize(Length.FromMicrometers(3), Length.FromMicrometers(2), Length.FromMicrometers(1)),
            Provenance = Provenance.None.Then("open", ("file", "tooth µ.h5")).Then("fbp", ("filter", "parzen")),
        };
        for (var i = 0; i < 60; i++)
        {
            volume.Memory.Span(i, 1)[0] = (i * 0.5f) - 7;
        }

        return volume;
    }

    private sealed class Reports(Action<ProgressReport> heard) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => heard(value);
    }

    /// <summary>A file system of one megabyte.</summary>
    private sealed class SmallDisk(string folder) : IDisposable
    {
        public static SmallDisk Mount(string folder)
        {
            Directory.CreateDirectory(folder);
            Assert.SkipUnless(
                OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0,
                "Filling a disk needs root on Linux (mount -t tmpfs): run the tests as root to include it.");
            return new SmallDisk(folder);
        }

        public void Dispose() => Run("umount", folder);

        private static int Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
