using System.Text.Json.Nodes;

namespace Beamline.Cli.Tests;

/// <summary>One run over many bad files, a cell for each, going on after errors.</summary>
public sealed class BadDataRun : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<string> _cells = [];
    private readonly Dictionary<string, int> _index = [];

    public BadDataRun()
    {
        var dangling = RealData.Find("i13_24737", "24888_nxtomo_metadata_only.nxs");
        Cell("missing", "#!open scna.h5 --as a1");
        Cell("missing folder", "TomographyScan.Open(\"nowhere/scan.h5\")");
        Scan("scan", new ScanFile());
        File.WriteAllText(_folder["text.h5"], "theta, counts\n0, 12\n");
        Cell("not hdf5", "#!open text.h5 --as a2");
        var whole = File.ReadAllBytes(_folder["scan.h5"]);
        File.WriteAllBytes(_folder["cut.h5"], whole[..(whole.Length * 2 / 3)]);
        Cell("truncated", "var cut = TomographyScan.Open(\"cut.h5\");\ncut.Frames.Materialize()");
        Cell("absent dataset", "#!open scan.h5 --data-path /exchange/dat --as a3");
        Scan("other", new ScanFile { DataName = "images" });
        Cell("other layout", "#!open other.h5 --as a4");
        Cell("dangling link", dangling is null ? "" : $"var nexus = TomographyScan.Open(\"{dangling}\");\nnexus.Frames.Projection(0)");
        Scan("noangles", new ScanFile { StoredAngles = null });
        Cell("no angles", "#!open noangles.h5 --as a5");
        Scan("wrongangles", new ScanFile { StoredAngles = 5 });
        Cell("wrong number of angles", "#!open wrongangles.h5 --as a6");
        Normalize("zero flats", new ScanFile { Flat = 0 });
        Normalize("zero flats and darks", new ScanFile { Flat = 0, Dark = 0 });
        Normalize("NaN flats", new ScanFile { Flat = float.NaN });
        Normalize("dark above flat", new ScanFile { Flat = 10, Dark = 1000 });
        Scan("one", new ScanFile { AngleCount = 1, StoredAngles = 1 });
        Cell("one projection", "var one = TomographyScan.Open(\"one.h5\").Normalize().MinusLog();\nReconstruction.Fbp(one, new RotationAxis(7.5))");
        Cell("one projection, axis", "RotationAxis.Find(one)");
        Cell("good", "var good = TomographyScan.Open(\"scan.h5\").Normalize().MinusLog();\ngood.ToString()");
        Cell("axis outside", "Reconstruction.Fbp(good, new RotationAxis(16.5))");
        Cell("axis outside, magic", "#!recon good --axis -2 --as v");
        Cell("axis is not a number", "Reconstruction.Fbp(good, new RotationAxis(double.NaN))");
        Angles();
        Frames();
        Stores();
        TestNotebook.Write(_folder["bad.ipynb"], [.. _cells]);
        Ended = Child.Run(_folder.Root, "run", "bad.ipynb", "--allow-errors", "-o", "done.ipynb");
        Notebook = File.Exists(_folder["done.ipynb"]) ? TestNotebook.Read(_folder["done.ipynb"]) : [];
    }

    internal Ended Ended { get; }

    internal JsonObject Notebook { get; }

    public void Dispose() => _folder.Dispose();

    internal int IndexOf(string name) => _index[name];

    private void Angles()
    {
        var many = new ScanFile { AngleCount = 36, StoredAngles = 36 };
        Scan("radians", many with { AngleOf = i => i * Math.PI / 36 });
        Cell("radians", "#!open radians.h5 --as r1");
        Scan("unsorted", new ScanFile { AngleOf = i => i * 67.5 % 180 });
        Cell("unsorted", "#!open unsorted.h5 --as r2");
        Scan("twice", new ScanFile { AngleOf = i => i == 5 ? 90 : i * 22.5 });
        Cell("twice", "#!open twice.h5 --as r3");
        Scan("turn", many with { AngleOf = i => i * 10 });
        Cell("whole turn", "var turn = TomographyScan.Open(\"turn.h5\").Normalize().MinusLog();\nRotationAxis.Find(turn)");
        Cell("few angles", "RotationAxis.Find(good)");
    }

    private void Frames()
    {
        Scan("nan", new ScanFile { Pixel = (a, _, c) => a is 3 or 6 && c == 4 ? float.NaN : 500 + c });
        Cell("NaN frames", "var nan = TomographyScan.Open(\"nan.h5\");\nvar nanSlices = Reconstruction.Fbp(nan.Normalize().MinusLog(), new RotationAxis(7.5));\nnan.CheckFrames().ToString()");
        Scan("bright", new ScanFile { Counts16 = true, Pixel = (a, _, c) => a == 4 ? 65535 : 500 + c });
        Cell("saturated frame", "var bright = TomographyScan.Open(\"bright.h5\").Normalize();\nvar stored = bright.MinusLog().Materialize();\nstored.ToString()");
        Cell("sizes", "System.IO.Directory.CreateDirectory(\"odd\");\nnew Image(4, 6).Save(\"odd/a_1.tif\");\nnew Image(5, 6).Save(\"odd/a_2.tif\");\n" +
            "var odd = TomographyScan.Open(\"odd\", new ScanOptions { AngleRange = new(0, 90) });\nodd.Frames.Materialize()");
        Cell("diverging", "var diverged = IterativeReconstruction.Run(good, new RotationAxis(7.5), new IterativeOptions { Method = IterativeMethod.Sirt, Iterations = 300, " +
            "Relaxation = RelaxationSchedule.Constant(2.8) });\n$\"{diverged.Stops[0].Reason}, finite: {diverged.Volume.Slice(0).ToArray().All(float.IsFinite)}\"");
    }

    private void Stores()
    {
        new ScanFile { Compressed = true }.Write(_folder["packed.h5"]);
        var packed = File.ReadAllBytes(_folder["packed.h5"]);
        // The second byte of zlib's header depends on the level.
        var last = Enumerable.Range(0, packed.Length - 1).Last(i => packed[i] == 0x78 && ((packed[i] << 8) + packed[i + 1]) % 31 == 0);
        packed.AsSpan(last + 4, 8).Fill(0xff);
        File.WriteAllBytes(_folder["packed.h5"], packed);
        Cell("corrupt chunk", "TomographyScan.Open(\"packed.h5\").Frames.Materialize()");

        Directory.CreateDirectory(_folder["scan.zarr"]);
        File.WriteAllText(
            Path.Combine(_folder["scan.zarr"], ".zarray"),
            """{"zarr_format":2,"shape":[3,4,6],"chunks":[1,4,6],"dtype":"<u2","compressor":null,"fill_value":0,"order":"C","filters":null}""");
        foreach (var chunk in (string[])["0.0.0", "2.0.0"])
        {
            File.WriteAllBytes(Path.Combine(_folder["scan.zarr"], chunk), new byte[2 * 4 * 6]);
        }

        Cell("missing chunk", "TomographyScan.Open(\"scan.zarr\", new ScanOptions { AngleRange = new(0, 60) }).Frames.Materialize()");

        // Open for writing and for being followed, says the file; but there is no writer any more.
        var live = File.ReadAllBytes(_folder["scan.h5"]);
        live[11] |= 5;
        File.WriteAllBytes(_folder["live.h5"], live);
        Cell("dead writer", "var live = LiveScan.Open(\"live.h5\");\nawait live.WaitForFramesAsync(20, TimeSpan.FromSeconds(0.3))");
    }

    private void Cell(string name, string code)
    {
        _index.Add(name, _cells.Count);
        _cells.Add(code);
    }

    private void Scan(string name, ScanFile file) => file.Write(_folder[name + ".h5"]);

    private void Normalize(string name, ScanFile file)
    {
        var plain = name.Replace(' ', '-');
        Scan(plain, file);
        Cell(name, $"TomographyScan.Open(\"{plain}.h5\").Normalize()");
    }
}

/// <summary>Bad measurements: the message names the file and what is wrong, and says what to do.</summary>
public sealed class BadDataTests(BadDataRun run) : IClassFixture<BadDataRun>
{
    [Theory]
    [InlineData("missing", "scna.h5", "no such file", "Did you mean scan.h5?")]
    [InlineData("missing folder", "scan.h5: there is no folder", "/nowhere")]
    [InlineData("not hdf5", "text.h5", "HDF5")]
    [InlineData("truncated", "cut.h5", "the file is cut off")]
    [InlineData("absent dataset", "scan.h5", "/exchange/dat not found", "/exchange/data [8,4,16] float32", "Did you mean /exchange/data?")]
    [InlineData("other layout", "other.h5", "neither a Data Exchange file nor an NXtomo file", "/exchange/images [8,4,16]", "DataPath")]
    [InlineData("no angles", "noangles.h5", "/exchange/theta", "AngleRange = new(0, 22.5)")]
    [InlineData("wrong number of angles", "wrongangles.h5", "8 projections", "5 angles", "ScanOptions.AnglesDegrees")]
    [InlineData("zero flats", "zero-flats.h5", "flat frames are not brighter than the dark frames", "64 of 64 pixels", "shutter")]
    [InlineData("zero flats and darks", "zero-flats-and-darks.h5", "flat frames are not brighter than the dark frames", "flat 0, dark 0")]
    [InlineData("NaN flats", "NaN-flats.h5", "are not numbers", "64 of 64 pixels", "flat NaN")]
    [InlineData("dark above flat", "dark-above-flat.h5", "dark frames are brighter than the flat frames", "exchanged")]
    [InlineData("one projection", "only one projection", "at least two angles")]
    [InlineData("one projection, axis", "projection")]
    [InlineData("axis outside", "16.5", "column")]
    [InlineData("axis outside, magic", "-2", "column")]
    [InlineData("axis is not a number", "NaN")]
    [InlineData("radians", "radians.h5", "looks like radians", "AngleUnit.Radians")]
    [InlineData("few angles", "only 8 projections", "at least 16", "phase correlation")]
    [InlineData("sizes", "a_2.tif", "5 rows x 6 columns", "4 x 6")]
    [InlineData("corrupt chunk", "packed.h5", "/exchange/data cannot be read at [", "this chunk is damaged", "The other chunks can be read")]
    [InlineData("missing chunk", "scan.zarr", "the chunk 1.0.0 (from frame 1) is missing")]
    [InlineData("dead writer", "live.h5", "has 8 projections", "stopped or died", "h5clear -s")]
    public void The_message_says_what_and_where(string cell, params string[] parts)
    {
        var error = TestNotebook.Error(run.Notebook, run.IndexOf(cell));
        Assert.True(error is not null, $"'{cell}' had no error; {run.Ended.All}");
        foreach (var part in parts)
        {
            Assert.Contains(part, error.Value.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("unsorted", "not in order")]
    [InlineData("twice", "1 angles are there more than once", "projections 4 and 5")]
    [InlineData("whole turn", "The projections cover 360 degrees", "Vo", "made for 180")]
    // Frames are read in parts, by one thread or more: the warnings may come together or one by one.
    [InlineData("NaN frames", "nan.h5: projection", "values that are NaN or infinite. Put those of the neighboring projections in their place", "2 of 8 projections with NaN or infinite values: 3, 6 (8 values)", "RepairValues()")]
    [InlineData("saturated frame", "projection 4: 100% of the pixels are at 65535", "the camera was saturated")]
    [InlineData("diverging", "Sirt diverged in", "The relaxation of 2.8 is too large", "Diverged, finite: True")]
    public void What_can_be_worked_with_is_said(string cell, params string[] parts)
    {
        Assert.Null(TestNotebook.Error(run.Notebook, run.IndexOf(cell)));
        var text = TestNotebook.Text(run.Notebook, run.IndexOf(cell));
        foreach (var part in parts)
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_to_a_file_that_is_gone_names_that_file()
    {
        RealData.PathOf("i13_24737", "24888_nxtomo_metadata_only.nxs");
        var error = TestNotebook.Error(run.Notebook, run.IndexOf("dangling link"));
        Assert.True(error is not null, run.Ended.All);
        Assert.Contains("24888_nxtomo_metadata_only.nxs", error.Value.Message, StringComparison.Ordinal);
        Assert.Matches("[A-Za-z0-9_-]+\\.(hdf|h5|nxs)\\b.*(not|missing|no such)", error.Value.Message.Replace("24888_nxtomo_metadata_only.nxs", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_that_are_allowed_do_not_end_the_run()
    {
        run.Ended.ExitedWith(0).SaysInErrors("with an error that was allowed");
        Assert.Null(TestNotebook.Error(run.Notebook, run.IndexOf("good")));
        Assert.Contains("8 angles x 4 rows x 16 columns", TestNotebook.Text(run.Notebook, run.IndexOf("good")), StringComparison.Ordinal);
    }
}
