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
        TestNotebook.Write(_folder["bad.ipynb"], [.. _cells]);
        Ended = Child.Run(_folder.Root, "run", "bad.ipynb", "--allow-errors", "-o", "done.ipynb");
        Notebook = File.Exists(_folder["done.ipynb"]) ? TestNotebook.Read(_folder["done.ipynb"]) : [];
    }

    internal Ended Ended { get; }

    internal JsonObject Notebook { get; }

    public void Dispose() => _folder.Dispose();

    internal int IndexOf(string name) => _index[name];

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
    public void The_message_says_what_and_where(string cell, params string[] parts)
    {
        var error = TestNotebook.Error(run.Notebook, run.IndexOf(cell));
        Assert.True(error is not null, $"'{cell}' had no error; {run.Ended.All}");
        foreach (var part in parts)
        {
            Assert.Contains(part, error.Value.Message, StringComparison.Ordinal);
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
