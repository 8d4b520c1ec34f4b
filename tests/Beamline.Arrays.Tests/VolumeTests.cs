namespace Beamline.Arrays.Tests;

public sealed class VolumeTests
{
    /// <summary>A 2 x 3 x 4 volume whose value tells where it is: 100 z + 10 y + x.</summary>
    private static Volume Numbered(VoxelSize? size = null)
    {
        var volume = new Volume(2, 3, 4) { VoxelSize = size, Quantity = Quantity.AttenuationPerCentimeter };
        for (var z = 0; z < 2; z++)
        {
            for (var y = 0; y < 3; y++)
            {
                for (var x = 0; x < 4; x++)
                {
                    volume[z, y, x] = (100 * z) + (10 * y) + x;
                }
            }
        }

        return volume;
    }

    [Fact]
    public void Values_lie_slice_by_slice_and_row_by_row()
    {
        using var volume = Numbered();
        Assert.Equal(
            [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123],
            volume.Memory.Span(0, 24).ToArray());
        Assert.Equal([100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123], volume.Slice(1).ToArray());
        Assert.Equal([110, 111, 112, 113], volume.Row(1, 1).ToArray());
        Assert.Equal(123, volume[1, 2, 3]);
    }

    [Fact]
    public void Planes_are_upright_with_z_down_and_carry_sizes_and_meaning()
    {
        var size = new VoxelSize(Length.FromMicrometers(3), Length.FromMicrometers(2), Length.FromMicrometers(1));
        using var volume = Numbered(size);
        var xy = volume.SliceXY(1);
        var xz = volume.SliceXZ(2);
        var yz = volume.SliceYZ(3);

        Assert.Equal((3, 4), (xy.RowCount, xy.ColumnCount));
        Assert.Equal(112, xy[1, 2]);
        Assert.Equal((size.Y, size.X), (xy.PixelSizeY, xy.PixelSizeX));
        Assert.Equal((2, 4), (xz.RowCount, xz.ColumnCount));
        Assert.Equal([20, 21, 22, 23, 120, 121, 122, 123], xz.Values.ToArray());
        Assert.Equal((size.Z, size.X), (xz.PixelSizeY, xz.PixelSizeX));
        Assert.Equal((2, 3), (yz.RowCount, yz.ColumnCount));
        Assert.Equal([3, 13, 23, 103, 113, 123], yz.Values.ToArray());
        Assert.Equal((size.Z, size.Y), (yz.PixelSizeY, yz.PixelSizeX));
        Assert.Equal(["slice z = 1", "slice y = 2", "slice x = 3"], [xy.Title, xz.Title, yz.Title]);
        Assert.All([xy, xz, yz], i => Assert.Equal(Quantity.AttenuationPerCentimeter, i.Quantity));
    }

    [Fact]
    public void A_plane_is_a_copy()
    {
        using var volume = Numbered();
        volume.SliceXY(0)[0, 0] = -1;
        Assert.Equal(0, volume[0, 0, 0]);
    }

    [Theory]
    [InlineData(2, 0, 0, "slice"), InlineData(-1, 0, 0, "slice"), InlineData(0, 3, 0, "row"), InlineData(0, -1, 0, "row")]
    public void Places_outside_are_named(int z, int y, int x, string what)
    {
        using var volume = Numbered();
        Assert.Contains($"There is no {what}", Assert.Throws<ArgumentOutOfRangeException>(() => volume[z, y, x]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => volume[z, y, x] = 1);
    }

    [Fact]
    public void Planes_outside_are_named_with_the_range()
    {
        using var volume = Numbered();
        Assert.Contains("slices are 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => volume.SliceXY(2)).Message);
        Assert.Contains("rows are 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => volume.SliceXZ(3)).Message);
        Assert.Contains("columns are 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => volume.SliceYZ(4)).Message);
    }

    [Theory]
    [InlineData(0, 1, 1), InlineData(1, 0, 1), InlineData(1, 1, 0), InlineData(-1, 1, 1)]
    public void Empty_shapes_are_refused(int z, int y, int x) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Volume(z, y, x));

    [Fact]
    public void Memory_of_another_length_is_refused()
    {
        using var memory = ArrayMemory.Allocate<float>(23);
        var error = Assert.Throws<ArgumentException>(() => new Volume(2, 3, 4, memory));
        Assert.Contains("2 x 3 x 4 needs 24 values, not 23", error.Message);
    }

    [Fact]
    public void A_volume_owns_its_memory()
    {
        var memory = ArrayMemory.Allocate<float>(24);
        var volume = new Volume(2, 3, 4, memory);
        volume.Dispose();
        volume.Dispose();
        Assert.True(memory.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => volume[0, 0, 0]);
    }

    [Fact]
    public void The_text_has_shape_and_voxel_size()
    {
        using var plain = new Volume(2, 3, 4);
        using var cubic = new Volume(2, 3, 4) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(0.65)) };
        using var slabs = Numbered(new VoxelSize(Length.FromMicrometers(3), Length.FromMicrometers(2), Length.FromMicrometers(1)));
        Assert.Equal("Volume float32 2x3x4", plain.ToString());
        Assert.Equal("Volume float32 2x3x4, 650 nm", cubic.ToString());
        Assert.Equal("Volume float32 2x3x4, 3 µm × 2 µm × 1 µm", slabs.ToString());
    }
}
