using System.Runtime.CompilerServices;

namespace Beamline.Display;

/// <summary>How an array is drawn. Indexes that are not given mean the middle.</summary>
public sealed record ViewOptions
{
    /// <summary>Everything as default: 1% to 99%, gray, middle slices.</summary>
    public static ViewOptions Default { get; } = new();

    /// <summary>The range of values that the color map is spread over.</summary>
    public ValueWindow Window
    {
        get;
        init => field = value == default ? ValueWindow.Default : value;
    } = ValueWindow.Default;

    /// <summary>The colors.</summary>
    public ColorMap Map
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = ColorMap.Gray;

    /// <summary>Slice z of a volume, from 0.</summary>
    public int? SliceZ { get; init => field = NotNegative(value); }

    /// <summary>Upright plane y of a volume, from 0.</summary>
    public int? SliceY { get; init => field = NotNegative(value); }

    /// <summary>Upright plane x of a volume, from 0.</summary>
    public int? SliceX { get; init => field = NotNegative(value); }

    /// <summary>Projection of a stack, from 0: shown instead of the three projections spread over the stack.</summary>
    public int? Projection { get; init => field = NotNegative(value); }

    /// <summary>Detector row of the sinogram of a stack, from 0.</summary>
    public int? SinogramRow { get; init => field = NotNegative(value); }

    /// <summary>Title of the figure; null takes the array's own.</summary>
    public string? Title { get; init; }

    /// <summary>Whether pictures with a known pixel size carry a scale bar.</summary>
    public bool ScaleBar { get; init; } = true;

    /// <summary>Longest edge of a picture of one image in picture pixels, 64 to 8192. Larger arrays are averaged down to it.</summary>
    /// <remarks>Figures of several panels give each panel five eighths of it.</remarks>
    public int MaxEdgePixels
    {
        get;
        init
        {
            if (value is < 64 or > 8192)
            {
                throw new ArgumentOutOfRangeException(nameof(MaxEdgePixels), value, "The longest edge must be 64 to 8192 pixels.");
            }

            field = value;
        }
    } = 1024;

    /// <summary>
    /// Whether the output holds, beside the static picture, a preview of the values and a viewer for it, up to about 1.4 MB more.
    /// </summary>
    public bool Interactive { get; init; } = true;

    /// <summary>What the viewer of a volume begins with; the static picture has slices and the maximum in any case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode.</exception>
    public ViewMode Mode
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Mode), value, "There is no such mode.");
    }

    /// <summary>
    /// What of complex values the picture shows and the viewer begins with; null for amplitude and phase beside each other, and a viewer
    /// that begins with the amplitude. The viewer can show all.
    /// </summary>
    public ComplexPart? Complex { get; init; }

    private static int? NotNegative(int? value, [CallerMemberName] string name = "") =>
        value is < 0 ? throw new ArgumentOutOfRangeException(name, value, $"{name} counts from 0.") : value;
}

/// <summary>What can be shown of complex values.</summary>
public enum ComplexPart
{
    /// <summary>The absolute value.</summary>
    Amplitude,

    /// <summary>The angle, in radians from -π to π, in cyclic colors.</summary>
    Phase,

    /// <summary>The real part.</summary>
    Real,

    /// <summary>The imaginary part.</summary>
    Imaginary,
}
