using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Data.Tests;

/// <summary>Frames with NaN or infinity, saturated and blank frames are found, counted and named.</summary>
public sealed class FrameCheckTests
{
    private const int Rows = 8;
    private const int Columns = 16;

    [Fact]
    public void Frames_that_are_not_finite_are_listed_and_counted()
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, "f4", "a[3,2,5] = np.nan; a[7:10,1,:] = np.inf; a[20] = -np.inf; a[15] = 7");

        var check = scan.CheckFrames();

        Assert.False(check.IsGood);
        Assert.Equal([(3, 1L), (7, 16L), (8, 16L), (9, 16L), (20, 128L)], check.NonFinite.Select(f => (f.Index, f.Values)));
        Assert.Equal(15, Assert.Single(check.Blank).Index);
        Assert.Empty(check.Saturated);
        Assert.Contains("5 of 24 projections with NaN or infinite values: 3, 7 to 9, 20 (177 values)", check.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 24 projections of one value only: 15", check.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u2", 65535)]
    [InlineData("u1", 255)]
    public void Saturated_frames_are_listed_and_one_hot_pixel_is_none(string type, int ceiling)
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, type, $"a = a % 200; a[5] = {ceiling}; a[6,0,:] = {ceiling}; a[11,3:5,2:9] = {ceiling}", rows: 64);

        var check = scan.CheckFrames();

        Assert.Equal([(5, 1024L), (6, 16L), (11, 14L)], check.Saturated.Select(f => (f.Index, f.Values)));
        using var hot = Scan(folder, type, $"a = a % 200; a[:,3,2] = {ceiling}", rows: 64);
        Assert.True(hot.CheckFrames().IsGood);
    }

    [Fact]
    public void A_good_scan_is_good_and_floats_have_no_ceiling()
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, "f4", "a[4,1,1] = 65535; a[5,1,1] = 3e38; a[6,0,0] = 1e-45");

        var check = scan.CheckFrames();

        Assert.True(check.IsGood, check.ToString());
        Assert.Equal((24, Rows * Columns), (check.FrameCount, check.ValuesPerFrame));
    }

    [Fact]
    public void Reading_names_the_bad_frames_once()
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, "f4", "a[3,2,5] = np.nan; a[7:9,1,:] = np.inf");
        var warnings = new List<string>();
        using (RunContext.Use(new RunContext { Warning = warnings.Add }))
        {
            var block = new float[24 * Columns];
            // Only what is read is looked at.
            scan.Frames.Read(new StackRegion(0, 24, 5, 1), block);
            Assert.Empty(warnings);
            scan.Frames.Read(new StackRegion(0, 24, 2, 1), block);
            scan.Frames.Read(new StackRegion(0, 24, 2, 1), block);
            scan.Frames.Read(new StackRegion(0, 24, 1, 1), block);
        }

        Assert.Equal(2, warnings.Count);
        Assert.Contains("projection 3 holds 1 values that are NaN or infinite", warnings[0], StringComparison.Ordinal);
        Assert.Contains("projections 7, 8 hold 32 values", warnings[1], StringComparison.Ordinal);
        Assert.All(warnings, w => Assert.Contains("RepairValues()", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Many_bad_frames_do_not_flood_the_notebook()
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, "u2", "a[:] = 65535");
        var warnings = new List<string>();
        using (RunContext.Use(new RunContext { Warning = warnings.Add }))
        {
            for (var i = 0; i < 24; i++)
            {
                _ = scan.Frames.Projection(i);
            }
        }

        Assert.Equal(5, warnings.Count);
        Assert.Contains("projection 0: 100% of the pixels are at 65535, the ceiling of uint16", warnings[0], StringComparison.Ordinal);
        Assert.Contains("CheckFrames() lists all", warnings[4], StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_reports_and_can_be_cancelled()
    {
        using var folder = new TestFolder();
        using var scan = Scan(folder, "f4", "");
        var reports = new List<double>();
        scan.CheckFrames(new RunContext { Progress = new Immediate(reports) });
        Assert.Equal(1, reports[^1]);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => scan.CheckFrames(new RunContext { CancellationToken = cancelled.Token }));
    }

    private static TomographyScan Scan(TestFolder folder, string type, string change, int rows = Rows)
    {
        var path = folder[$"{Guid.NewGuid():n}.npy"];
        H5py.Run(
            $"a = np.random.default_rng(1).integers(1, 250, (24,{rows},{Columns})).astype('{type}'); {change}\nnp.save(sys.argv[1], a.astype('{type}'))", path);
        return TomographyScan.Open(path, new ScanOptions { AngleRange = new AngleRange(0, 7.5) });
    }

    private sealed class Immediate(List<double> reports) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => reports.Add(value.Fraction);
    }
}
