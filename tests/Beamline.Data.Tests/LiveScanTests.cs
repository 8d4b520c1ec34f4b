using System.Diagnostics;

namespace Beamline.Data.Tests;

/// <summary>Files that h5py is still writing in another process.</summary>
public sealed class LiveScanTests
{
    // Writes a frame a line of input: the test says when, so nothing depends on speed.
    private const string Writer =
        """
        import sys, h5py, numpy as np
        f = h5py.File(sys.argv[1],'w',libver='latest'); o = dict(compression=sys.argv[2] or None) if sys.argv[2] else {}
        d = f.create_dataset('exchange/data',(0,6,8),'u2',maxshape=(None,6,8),chunks=(1,6,8),**o)
        t = f.create_dataset('exchange/theta',(0,),'f8',maxshape=(None,),chunks=(16,))
        w = f.create_dataset('exchange/data_white',(0,6,8),'u2',maxshape=(None,6,8),chunks=(1,6,8))
        f.swmr_mode = True; print('ready', flush=True); n = 0
        for line in sys.stdin:
            if line.strip() == 'close': f.close(); print('closed', flush=True); break
            if line.strip() == 'grow':
                d.resize(n+1,0); d.flush(); print('grown', flush=True); continue
            for _ in range(int(line)):
                n += 1; d.resize(n,0); d[n-1] = np.arange(48).reshape(6,8)+n; d.flush(); t.resize(n,0); t[n-1] = n*1.5; t.flush()
            print(n, flush=True)
        """;

    [Theory]
    [InlineData("")]
    [InlineData("lzf")]
    public async Task A_scan_that_is_being_written_grows_and_ends(string compression)
    {
        using var folder = new TestFolder();
        using var writer = Start(folder["live.h5"], compression);

        using var live = LiveScan.Open(folder["live.h5"]);
        Assert.Equal((0, false), (live.FrameCount, live.IsFinished));
        Assert.Null(live.Scan);
        Assert.Equal("3", Tell(writer, "3"));
        Assert.True(live.Poll());
        Assert.Equal(3, live.FrameCount);
        Assert.Equal([1.5, 3, 4.5], live.Scan!.AnglesDegrees);
        Assert.Null(live.Scan.Flats);
        var first = live.Scan;
        Assert.False(live.Poll());
        Assert.Equal("40", Tell(writer, "37"));
        Assert.Equal(40, await live.WaitForFramesAsync(40, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(47 + 40, live.Scan.Frames.Projection(39)[5, 7]);
        Assert.Equal(47 + 3, first.Frames.Projection(2)[5, 7]);

        // A frame that has a place but no numbers yet does not count.
        Assert.Equal("grown", Tell(writer, "grow"));
        Assert.False(live.Poll());
        Assert.Equal(40, live.FrameCount);
        Assert.Equal("41", Tell(writer, "1"));
        Assert.Equal("closed", Tell(writer, "close"));
        Assert.Equal(41, await live.WaitForFramesAsync(1000, cancellation: TestContext.Current.CancellationToken));
        Assert.True(live.IsFinished);
        Assert.Contains("41 projections so far, finished", live.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lzf")]
    public void Every_look_at_a_busy_writer_sees_whole_frames(string compression)
    {
        using var folder = new TestFolder();
        using var writer = Start(folder["busy.h5"], compression);
        using var live = LiveScan.Open(folder["busy.h5"]);

        // Not waited for: the looks come while the writer is in the middle of something.
        writer.StandardInput.WriteLine("300");
        writer.StandardInput.Flush();
        var looks = 0;
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (live.FrameCount < 300 && patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (live.Poll())
            {
                looks++;
                var last = live.FrameCount - 1;
                Assert.Equal(47 + last + 1, live.Scan!.Frames.Projection(last)[5, 7]);
                Assert.Equal((last / 2) + 1, live.Scan.Frames.Projection(last / 2)[0, 0]);
                Assert.Equal((last + 1) * 1.5, live.Scan.AnglesDegrees[last]);
            }
        }

        Assert.Equal(300, live.FrameCount);
        Assert.True(looks > 1, $"{looks} looks");
        Assert.Equal("300", writer.StandardOutput.ReadLine());
    }

    [Fact]
    public async Task A_writer_that_dies_is_noticed_and_its_frames_stay_usable()
    {
        using var folder = new TestFolder();
        using var writer = Start(folder["dead.h5"], "");
        Tell(writer, "7");
        using var live = LiveScan.Open(folder["dead.h5"]);
        writer.Kill();
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<DataFormatException>(
            () => live.WaitForFramesAsync(20, TimeSpan.FromSeconds(0.6), TestContext.Current.CancellationToken));

        Assert.Contains("has 7 projections, has not grown for 0.6 s, and was not closed", error.Message, StringComparison.Ordinal);
        Assert.Contains("stopped or died", error.Message, StringComparison.Ordinal);
        Assert.Equal(47 + 7, live.Scan!.Frames.Projection(6)[5, 7]);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_a_missing_file_is_named()
    {
        using var folder = new TestFolder();
        using var writer = Start(folder["live.h5"], "");
        using var live = LiveScan.Open(folder["live.h5"]);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => live.WaitForFramesAsync(5, cancellation: cancelled.Token));
        writer.Kill();
        Assert.Contains("there is no such file", Assert.Throws<DataFormatException>(() => LiveScan.Open(folder["gone.h5"])).Message, StringComparison.Ordinal);
    }

    private static Process Start(string path, string compression)
    {
        H5py.Run("");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Writer, path, compression])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        return process;
    }

    private static string? Tell(Process writer, string line)
    {
        writer.StandardInput.WriteLine(line);
        writer.StandardInput.Flush();
        return writer.StandardOutput.ReadLine();
    }
}
