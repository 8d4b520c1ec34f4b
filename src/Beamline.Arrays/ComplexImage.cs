using System.Numerics;

namespace Beamline.Arrays;

/// <summary>
/// A two-dimensional picture [y, x] of complex values, for instance an exit wave or a reconstructed object. Real and imaginary
/// parts are 32-bit floats in two arrays, row by row. Row 0 is at the top; pixel (y, x) has its center at coordinate (y, x).
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class ComplexImage
{
    private readonly float[] _real;
    private readonly float[] _imaginary;

    /// <summary>Makes an image over existing values, without copying.</summary>
    /// <param name="rowCount">Number of rows (y), 1 or more.</param>
    /// <param name="columnCount">Number of columns (x), 1 or more.</param>
    /// <param name="real">Real parts row by row; rowCount x columnCount of them.</param>
    /// <param name="imaginary">Imaginary parts, as many.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public ComplexImage(int rowCount, int columnCount, float[] real, float[] imaginary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(imaginary);
        var length = (long)rowCount * columnCount;
        foreach (var (values, name) in new[] { (real, nameof(real)), (imaginary, nameof(imaginary)) })
        {
            if (values.LongLength != length)
            {
                throw new ArgumentException($"An image of {rowCount} x {columnCount} needs {length} values, not {values.Length}.", name);
            }
        }

        (RowCount, ColumnCount, _real, _imaginary) = (rowCount, columnCount, real, imaginary);
    }

    /// <summary>Makes an image of zeros.</summary>
    /// <param name="rowCount">Number of rows (y), 1 or more.</param>
    /// <param name="columnCount">Number of columns (x), 1 or more.</param>
    public ComplexImage(int rowCount, int columnCount)
        : this(rowCount, columnCount, new float[checked(rowCount * columnCount)], new float[checked(rowCount * columnCount)])
    {
    }

    /// <summary>Number of rows (y).</summary>
    public int RowCount { get; }

    /// <summary>Number of columns (x).</summary>
    public int ColumnCount { get; }

    /// <summary>All real parts, row by row.</summary>
    public Span<float> Real => _real;

    /// <summary>All imaginary parts, row by row.</summary>
    public Span<float> Imaginary => _imaginary;

    /// <summary>What the amplitudes mean.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>Distance between columns; null when not known.</summary>
    public Length? PixelSizeX { get; init; }

    /// <summary>Distance between rows; null when not known.</summary>
    public Length? PixelSizeY { get; init; }

    /// <summary>A name to show; may be empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>One value.</summary>
    /// <param name="y">Row.</param>
    /// <param name="x">Column.</param>
    public Complex this[int y, int x]
    {
        get => new(_real[Place(y, x)], _imaginary[Place(y, x)]);
        set => (_real[Place(y, x)], _imaginary[Place(y, x)]) = ((float)value.Real, (float)value.Imaginary);
    }

    /// <summary>The absolute values, as an image of their own.</summary>
    public Image Amplitude() => Part("amplitude", Quantity, (re, im) => MathF.Sqrt((re * re) + (im * im)));

    /// <summary>The arguments in radians, -π to π, as an image of their own; 0 where the value is 0.</summary>
    public Image Phase() => Part("phase", new Quantity("phase", "rad"), (re, im) => MathF.Atan2(im, re));

    /// <inheritdoc/>
    public override string ToString() => $"ComplexImage {RowCount}x{ColumnCount}" + (PixelSizeX is { } size ? $", {size}" : "");

    private int Place(int y, int x)
    {
        Check.Index(y, RowCount, "row");
        Check.Index(x, ColumnCount, "column");
        return (y * ColumnCount) + x;
    }

    private Image Part(string name, Quantity quantity, Func<float, float, float> of)
    {
        var values = new float[_real.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = of(_real[i], _imaginary[i]);
        }

        return new Image(RowCount, ColumnCount, values)
        {
            Quantity = quantity, PixelSizeX = PixelSizeX, PixelSizeY = PixelSizeY, Title = Title.Length > 0 ? $"{Title}, {name}" : name,
        };
    }
}
