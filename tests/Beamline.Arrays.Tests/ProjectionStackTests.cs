namespace Beamline.Arrays.Tests;

public sealed class ProjectionStackTests
{
    private static readonly double[] Angles = [0, 45, 90];

    private static ComputedStack Lazy() => new(Angles, 4, 5)
    {
        PixelSize = Length.FromMicrometers(2),
        Quantity = Quantity.LineIntegral,
        Provenance = Provenance.None.Then("open", ("path", "x.h5")),
    };

    [Fact]
    public void Every_block_of_a_stack_in_memory_equals_the_lazy_one()
    {
        using var lazy = Lazy();
        using var inMemory = lazy.Materialize();
        for (var a = 0; a <= 3; a++)
        {
            for (var aCount = 0; aCount <= 3 - a; aCount++)
            {
                for (var r = 0; r <= 4; r++)
                {
                    for (var rCount = 0; rCount <= 4 - r; rCount++)
                    {
                        var region = new StackRegion(a, aCount, r, rCount);
                        var (one, two) = (new float[aCount * rCount * 5], new float[aCount * rCount * 5]);
                        lazy.Read(region, one);
                        inMemory.Read(region, two);
                        Assert.Equal(one, two);
                        if (one.Length > 0)
                        {
                            Assert.Equal(ComputedStack.Value(a, r, 0), one[0]);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Materialize_keeps_what_is_known_and_is_no_longer_lazy()
    {
        using var lazy = Lazy();
        using var made = lazy.Materialize();
        Assert.True(lazy.IsLazy);
        Assert.False(made.IsLazy);
        Assert.Equal(lazy.PixelSize, made.PixelSize);
        Assert.Equal(lazy.Quantity, made.Quantity);
        Assert.Equal(lazy.Provenance, made.Provenance);
        Assert.Equal(Angles, made.AnglesDegrees);
        Assert.Equal(3 * 4 * 5 * sizeof(float), made.ByteLength);
        Assert.Equal(ComputedStack.Value(2, 3, 4), made.Frame(2)[19]);
    }

    [Theory]
    [InlineData(-1, 1, 0, 1), InlineData(0, 4, 0, 1), InlineData(3, 1, 0, 1), InlineData(0, -1, 0, 1)]
    [InlineData(0, 1, -1, 1), InlineData(0, 1, 0, 5), InlineData(0, 1, 4, 1), InlineData(0, 1, 0, -1)]
    public void Blocks_outside_are_refused_without_reading(int angle, int angleCount, int row, int rowCount)
    {
        using var stack = Lazy();
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => stack.Read(new StackRegion(angle, angleCount, row, rowCount), new float[1000]));
        Assert.Contains("3 angles and 4 rows", error.Message);
        Assert.Empty(stack.Reads);
    }

    [Fact]
    public void A_destination_too_short_is_refused_and_a_longer_one_keeps_its_end()
    {
        using var stack = Lazy();
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Read(new StackRegion(0, 1, 0, 2), new float[9]));
        var longer = new float[12];
        Array.Fill(longer, -1);
        stack.Read(new StackRegion(0, 1, 0, 2), longer);
        Assert.Equal(ComputedStack.Value(0, 1, 4), longer[9]);
        Assert.Equal([-1, -1], longer[10..]);
    }

    [Fact]
    public void Nothing_is_read_for_an_empty_block()
    {
        using var stack = Lazy();
        stack.Read(new StackRegion(1, 0, 1, 2), []);
        Assert.Empty(stack.Reads);
    }

    [Fact]
    public void A_projection_is_row_by_column_and_a_sinogram_angle_by_column()
    {
        using var stack = Lazy();
        var projection = stack.Projection(1);
        Assert.Equal((4, 5), (projection.RowCount, projection.ColumnCount));
        Assert.Equal(ComputedStack.Value(1, 3, 2), projection[3, 2]);
        Assert.Equal("projection 1, 45°", projection.Title);
        Assert.Equal(stack.PixelSize, projection.PixelSizeX);

        var sinogram = stack.Sinogram(2);
        Assert.Equal((3, 5), (sinogram.AngleCount, sinogram.ColumnCount));
        Assert.Equal(ComputedStack.Value(1, 2, 4), sinogram.Row(1)[4]);
        Assert.Equal((2, Quantity.LineIntegral, stack.PixelSize), (sinogram.DetectorRow, sinogram.Quantity, sinogram.PixelSize));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Projection(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Sinogram(-1));
    }

    [Fact]
    public void Shapes_and_angles_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryProjectionStack(Angles, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryProjectionStack(Angles, 1, 0));
        Assert.Throws<ArgumentNullException>(() => new MemoryProjectionStack(null!, 1, 1));
        Assert.Contains("Angle 1 is NaN", Assert.Throws<ArgumentException>(() => new MemoryProjectionStack([0, double.NaN], 1, 1)).Message);
        Assert.Throws<ArgumentException>(() => new MemoryProjectionStack([double.PositiveInfinity], 1, 1));
        using var memory = ArrayMemory.Allocate<float>(7);
        Assert.Contains("needs 6 values, not 7", Assert.Throws<ArgumentException>(() => new MemoryProjectionStack(Angles, 1, 2, memory)).Message);
    }

    [Fact]
    public void A_disposed_stack_in_memory_says_so()
    {
        var stack = new MemoryProjectionStack(Angles, 2, 2);
        stack.Dispose();
        stack.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stack.Projection(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Frame(3).Length);
    }

    [Fact]
    public void The_text_says_meaning_shape_size_and_laziness()
    {
        using var stack = Lazy();
        Assert.Equal("ProjectionStack line integral 3 angles x 4 rows x 5 columns, 2 µm, lazy", stack.ToString());
    }
}
