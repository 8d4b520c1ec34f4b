using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Data.Tests;

public sealed class ProjectionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.tif")]
    [InlineData("a/")]
    public void What_was_saved_is_opened_with_all_that_was_known(string name)
    {
        using var stack = Stack();
        var path = Path.Combine(_folder, name);
        stack.Save(path);
        using var opened = ProjectionStack.Open(path);
        Assert.True(opened.IsLazy);
        Assert.Equal(stack.AnglesDegrees, opened.AnglesDegrees);
        Assert.Equal((3, 5, 7), (opened.AngleCount, opened.RowCount, opened.ColumnCount));
        Assert.Equal(Quantity.LineIntegral, opened.Quantity);
        Assert.Equal(2.5e-6, opened.PixelSize!.Value.Meters, 1e-15);
        Assert.Equal("opened -> denoise(network: U-Net)", opened.Provenance.ToString());
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(stack.Projection(i).Values.ToArray(), opened.Projection(i).Values.ToArray());
        }
    }

    [Fact]
    public void A_saved_file_is_a_Data_Exchange_scan()
    {
        using var stack = Stack();
        var path = Path.Combine(_folder, "a.h5");
        stack.Save(path);
        using var scan = TomographyScan.Open(path);
        Assert.Equal(stack.AnglesDegrees, scan.AnglesDegrees);
        Assert.Equal(stack.Projection(2).Values.ToArray(), scan.Frames.Projection(2).Values.ToArray());
        using var file = Hdf5File.Open(path);
        Assert.Equal("theta:y:x", file.Attributes("/exchange/data")["axes"]);
    }

    [Theory]
    [InlineData("a.npy")]
    [InlineData("a.raw")]
    [InlineData("a.zarr")]
    public void A_kind_without_angles_is_refused(string name)
    {
        using var stack = Stack();
        Assert.Contains("place for their angles", Assert.Throws<DataFormatException>(() => stack.Save(Path.Combine(_folder, name))).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("v.h5")]
    [InlineData("v.tif")]
    public void A_volume_is_no_stack_of_projections(string name)
    {
        using var volume = new Volume(2, 4, 4);
        volume.Save(Path.Combine(_folder, name));
        Assert.Contains("says no angles", Assert.Throws<DataFormatException>(() => ProjectionStack.Open(Path.Combine(_folder, name))).Message);
    }

    [Fact]
    public void A_folder_of_slices_is_not_overwritten()
    {
        using var volume = new Volume(2, 4, 4);
        volume.Save(Path.Combine(_folder, "a/"));
        using var stack = Stack();
        Assert.Contains("no image of an earlier", Assert.Throws<DataFormatException>(() => stack.Save(Path.Combine(_folder, "a/"))).Message);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "a")).Length);
    }

    [Fact]
    public void A_cancelled_save_leaves_what_was_there()
    {
        var path = Path.Combine(_folder, "a.h5");
        File.WriteAllText(path, "before");
        using var stack = Stack();
        using var source = new CancellationTokenSource();
        using (RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = new Cancel(source) }))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => stack.Save(path));
        }

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_writer_that_was_not_completed_leaves_nothing()
    {
        using (var writer = ProjectionWriter.Create(Path.Combine(_folder, "a.h5"), [0, 90], 2, 2))
        {
            writer.Write(1, [1, 2, 3, 4]);
            Assert.Equal(1, writer.WrittenProjections);
            Assert.Throws<ArgumentException>(() => writer.Write(2, [1, 2, 3, 4]));
            Assert.Throws<InvalidOperationException>(writer.Complete);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_cut_off_file_is_refused()
    {
        using var stack = Stack();
        var path = Path.Combine(_folder, "a.h5");
        stack.Save(path);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.Throws<DataFormatException>(() => ProjectionStack.Open(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static MemoryProjectionStack Stack()
    {
        var stack = new MemoryProjectionStack([0, 59.5, 120.25], 5, 7)
        {
            Quantity = Quantity.LineIntegral,
            PixelSize = new Length(2.5e-6),
            Provenance = Provenance.None.Then("opened").Then("denoise", ("network", "U-Net")),
        };
        for (var i = 0; i < 3 * 5 * 7; i++)
        {
            stack.Memory.Span(i, 1)[0] = MathF.Sin(i);
        }

        return stack;
    }

    private sealed class Cancel(CancellationTokenSource source) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
            if (value.Fraction > 0.5)
            {
                source.Cancel();
            }
        }
    }
}
