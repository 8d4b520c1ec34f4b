namespace Beamline.Cli.Tests;

/// <summary>A volume four times as large as the memory that the process may hold.</summary>
public sealed class MemoryLimitTests
{
    private const long Limit = 400_000_000;
    private const long VolumeBytes = 400L * 1024 * 1024 * sizeof(float);

    // Values that are computed when asked for: a few discs, each a little different from row to row.
    private const string Scan = """
        sealed class Discs(double[] angles, int rows, int columns) : ProjectionStack(angles, rows, columns)
        {
            protected override void ReadCore(StackRegion region, Span<float> to)
            {
                for (var a = 0; a < region.AngleCount; a++)
                {
                    var (sin, cos) = Math.SinCos(AnglesDegrees[region.AngleStart + a] * Math.PI / 180);
                    for (var r = 0; r < region.RowCount; r++)
                    {
                        var z = region.RowStart + r;
                        var line = to.Slice((a * region.RowCount + r) * ColumnCount, ColumnCount);
                        line.Clear();
                        for (var disc = 0; disc < 3; disc++)
                        {
                            var (x, y, radius) = (150 * disc - 200.0, 100 - 60.0 * disc, 40 + 20 * disc + z % 7);
                            var center = (ColumnCount - 1) / 2.0 + x * cos + y * sin;
                            for (var c = Math.Max(0, (int)(center - radius)); c < Math.Min(ColumnCount, center + radius + 1); c++)
                            {
                                var chord = radius * radius - (c - center) * (c - center);
                                line[c] += chord > 0 ? (float)(0.01 * Math.Sqrt(chord)) : 0;
                            }
                        }
                    }
                }
            }
        }

        var stack = new Discs(new AngleRange(0, 7.5).ToDegrees(24), ROWS, 1024) { Quantity = Quantity.LineIntegral };
        var axis = RotationAxis.Middle(1024);
        """;

    private const string Measure = """
        double[] sums = [.. new[] { 0, 31, 32, 200, 399 }.Select(z => { double s = 0; foreach (var v in volume.Slice(z)) s += v * (double)v; return s; })];
        Console.WriteLine(string.Join(" ", sums.Select(s => s.ToString("R"))));
        Console.WriteLine(volume.Slice(200)[512 * 1024 + 300].ToString("R") + " " + volume.Slice(399)[400 * 1024 + 700].ToString("R"));
        """;

    [Fact]
    public void The_process_stays_below_the_limit_and_the_slices_are_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The greatest memory of a process is read from /proc, which only Linux has.");
        using var folder = new TestFolder();
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        Assert.SkipWhen(free < 3_000_000_000, $"Needs 3 GB free in {Path.GetTempPath()}; there are {free / 1e9:0.0}.");
        Directory.CreateDirectory(folder["scratch"]);
        var scan = Scan.Replace("ROWS", "400", StringComparison.Ordinal);
        TestNotebook.Write(
            folder["limited.ipynb"],
            scan + "\nConsole.WriteLine(File.ReadLines(\"/proc/self/status\").First(l => l.StartsWith(\"VmHWM\")));",
            "Console.WriteLine(Reconstruction.Plan(stack));\nvar volume = Reconstruction.Fbp(stack, axis);",
            "Console.WriteLine(File.ReadLines(\"/proc/self/status\").First(l => l.StartsWith(\"VmHWM\")));\n" +
            "Console.WriteLine(volume.Memory.Kind + \" \" + Directory.GetFiles(\"scratch\", \"beamline-*\").Length);",
            Measure);
        var environment = new Dictionary<string, string> { ["TMPDIR"] = folder["scratch"] };
        Child.Run(folder.Root, environment, "run", "limited.ipynb", "--memory-limit", Limit.ToString(), "--device", "cpu").ExitedWith(0);
        var limited = TestNotebook.Read(folder["limited.executed.ipynb"]);
        Assert.Contains("in a file", TestNotebook.Text(limited, 1), StringComparison.Ordinal);
        var lines = TestNotebook.Text(limited, 2).Split('\n');
        // The file has lost its name already, so that nothing of it outlives the process.
        Assert.Equal("Mapped 0", lines[1]);
        var peak = long.Parse(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
        TestContext.Current.SendDiagnosticMessage($"volume {VolumeBytes / 1e6:0} MB, limit {Limit / 1e6:0} MB, greatest memory {peak / 1e6:0} MB; before: {TestNotebook.Text(limited, 0)}; {TestNotebook.Text(limited, 1)}");
        Assert.True(VolumeBytes > 4 * Limit);
        Assert.InRange(peak, 50_000_000, Limit);
        Assert.Empty(Directory.GetFiles(folder["scratch"], "beamline-*"));

        // The same slices without a limit, of the same rows alone.
        TestNotebook.Write(
            folder["free.ipynb"],
            scan,
            """
            sealed class Rows(ProjectionStack all, int[] rows) : ProjectionStack(all.AnglesDegrees, rows.Length, all.ColumnCount)
            {
                protected override void ReadCore(StackRegion region, Span<float> to)
                {
                    for (var a = 0; a < region.AngleCount; a++)
                        for (var r = 0; r < region.RowCount; r++)
                            all.Read(new StackRegion(region.AngleStart + a, 1, rows[region.RowStart + r], 1), to.Slice((a * region.RowCount + r) * ColumnCount, ColumnCount));
                }
            }

            var few = new Rows(stack, [0, 31, 32, 200, 399]) { Quantity = Quantity.LineIntegral };
            var volume = Reconstruction.Fbp(few, axis);
            """,
            Measure.Replace("{ 0, 31, 32, 200, 399 }", "{ 0, 1, 2, 3, 4 }", StringComparison.Ordinal)
                .Replace("Slice(200)", "Slice(3)", StringComparison.Ordinal).Replace("Slice(399)", "Slice(4)", StringComparison.Ordinal));
        Child.Run(folder.Root, environment, "run", "free.ipynb", "--device", "cpu").ExitedWith(0);
        var numbers = Numbers(TestNotebook.Text(TestNotebook.Read(folder["free.executed.ipynb"]), 2));
        var found = Numbers(TestNotebook.Text(limited, 3));
        Assert.Equal(7, numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            Assert.True(Math.Abs(numbers[i] - found[i]) <= 1e-4 * Math.Abs(numbers[i]), $"{i}: {found[i]} with a limit, {numbers[i]} without");
        }

        Assert.True(numbers[0] > 0 && numbers[3] != numbers[0]);
    }

    private static double[] Numbers(string text) =>
        [.. text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t))];
}
