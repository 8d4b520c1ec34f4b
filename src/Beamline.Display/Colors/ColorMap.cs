using System.Diagnostics.CodeAnalysis;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>How a color map is laid over a range of values.</summary>
internal enum ColorMapKind
{
    /// <summary>From low to high.</summary>
    Sequential,

    /// <summary>Two colors away from a neutral middle: the range is made symmetric about zero.</summary>
    Diverging,

    /// <summary>The end has the color of the start: the range is one turn.</summary>
    Cyclic,
}

/// <summary>Turns a value between 0 and 1 into a color. Immutable.</summary>
public sealed class ColorMap : IParsable<ColorMap>
{
    private const int Size = 256;
    private readonly uint[] _colors;

    private ColorMap(string name, ColorMapKind kind, uint[] colors) => (Name, Kind, _colors) = (name, kind, colors);

    /// <summary>Black to white: what radiographs and slices are read in. The default.</summary>
    public static ColorMap Gray { get; } = new("gray", ColorMapKind.Sequential, ColorTables.Ramp(0x000000, 0xFFFFFF));

    /// <summary>White to black.</summary>
    public static ColorMap InvertedGray { get; } =
        new("inverted-gray", ColorMapKind.Sequential, ColorTables.Ramp(0xFFFFFF, 0x000000));

    /// <summary>Dark blue through green to yellow, perceptually even.</summary>
    public static ColorMap Viridis { get; } =
        new("viridis", ColorMapKind.Sequential, ColorTables.Between(ColorTables.Viridis));

    /// <summary>Black through purple to cream, perceptually even.</summary>
    public static ColorMap Magma { get; } = new("magma", ColorMapKind.Sequential, ColorTables.Between(ColorTables.Magma));

    /// <summary>One turn of hues of the same lightness, for phases; the range is -π to π unless values are given.</summary>
    public static ColorMap Phase { get; } = new("phase", ColorMapKind.Cyclic, ColorTables.HueCircle());

    /// <summary>Blue through white to red, for differences; the range is made symmetric about zero.</summary>
    public static ColorMap Diverging { get; } = new("diverging", ColorMapKind.Diverging, ColorTables.BlueWhiteRed());

    /// <summary>All color maps.</summary>
    public static IReadOnlyList<ColorMap> All { get; } = [Gray, InvertedGray, Viridis, Magma, Phase, Diverging];

    /// <summary>The name, as <see cref="Parse"/> reads it.</summary>
    public string Name { get; }

    internal ColorMapKind Kind { get; }

    /// <summary>Finds a color map by its name.</summary>
    /// <param name="name">gray, inverted-gray, viridis, magma, phase or diverging; any case.</param>
    /// <exception cref="FormatException">There is no such map; the message lists those that exist.</exception>
    public static ColorMap Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var names = All.Select(map => map.Name);
        return Find(name) ?? throw new FormatException(
            $"'{name}' is not a color map.{Suggestion.DidYouMean(name, names)} Color maps: {string.Join(", ", names)}.");
    }

    static ColorMap IParsable<ColorMap>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ColorMap>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ColorMap result) =>
        (result = s is null ? null : Find(s)) is not null;

    private static ColorMap? Find(string name) => All.FirstOrDefault(map => string.Equals(map.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The color of a value.</summary>
    /// <param name="fraction">0 for the low end, 1 for the high end; values outside take the color of the end.</param>
    public (byte Red, byte Green, byte Blue) At(double fraction)
    {
        var color = Rgb(fraction);
        return ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>0xRRGGBB of a fraction that is not NaN.</summary>
    internal uint Rgb(double fraction) => _colors[(int)(Math.Clamp(fraction, 0, 1) * (Size - 1) + 0.5)];
}
