namespace Beamline.Display;

/// <summary>The tables of the color maps: 256 colors as 0xRRGGBB.</summary>
internal static class ColorTables
{
    private const int Size = 256;

    // Every 8th color of matplotlib's maps (Smith, van der Walt and Firing), which they gave to the public
    // domain (CC0); straight lines between these anchors stay within 2 of 255 of the full tables.
    internal static ReadOnlySpan<uint> Viridis =>
    [
        0x440154, 0x470D60, 0x48186A, 0x482374, 0x472D7B, 0x453781, 0x424086, 0x3E4989, 0x3B528B, 0x375B8D, 0x33638D,
        0x2F6B8E, 0x2C728E, 0x297A8E, 0x26828E, 0x23898E, 0x21918C, 0x1F988B, 0x1FA088, 0x22A785, 0x28AE80, 0x32B67A,
        0x3FBC73, 0x4EC36B, 0x5EC962, 0x70CF57, 0x84D44B, 0x98D83E, 0xADDC30, 0xC2DF23, 0xD8E219, 0xECE51B, 0xFDE725,
    ];

    internal static ReadOnlySpan<uint> Magma =>
    [
        0x000004, 0x030312, 0x0A0822, 0x130D34, 0x1D1147, 0x29115A, 0x36106B, 0x440F76, 0x51127C, 0x5D177F, 0x6A1C81,
        0x762181, 0x832681, 0x902A81, 0x9C2E7F, 0xAA337D, 0xB73779, 0xC43C75, 0xD0416F, 0xDC4869, 0xE75263, 0xEF5D5E,
        0xF56B5C, 0xF9795D, 0xFC8961, 0xFD9869, 0xFEA772, 0xFEB67C, 0xFEC488, 0xFED395, 0xFDE2A3, 0xFCF0B2, 0xFCFDBF,
    ];

    internal static uint[] Ramp(uint from, uint to) => Between([from, to]);

    /// <summary>Straight lines between evenly spaced anchors.</summary>
    internal static uint[] Between(ReadOnlySpan<uint> anchors)
    {
        var table = new uint[Size];
        for (var i = 0; i < Size; i++)
        {
            var place = (double)i / (Size - 1) * (anchors.Length - 1);
            var left = Math.Min((int)place, anchors.Length - 2);
            table[i] = Mix(anchors[left], anchors[left + 1], place - left);
        }

        return table;
    }

    /// <summary>One turn of hue at constant lightness and chroma in OKLab, so that no phase looks brighter than another.</summary>
    internal static uint[] HueCircle()
    {
        var table = new uint[Size];
        for (var i = 0; i < Size; i++)
        {
            // Phase 0, the middle of -π to π, is green-yellow; the ends meet in violet.
            var hue = 2 * Math.PI * i / (Size - 1) - (Math.PI / 3);
            table[i] = FromOkLab(0.72, 0.115 * Math.Cos(hue), 0.115 * Math.Sin(hue));
        }

        return table;
    }

    /// <summary>Blue to near-white to red, both sides equally fast in OKLab.</summary>
    internal static uint[] BlueWhiteRed()
    {
        var table = new uint[Size];
        for (var i = 0; i < Size; i++)
        {
            var t = (2.0 * i / (Size - 1)) - 1;
            var side = Math.Abs(t);
            var hue = (t < 0 ? 255 : 28) * Math.PI / 180;
            var chroma = 0.16 * side * (1.25 - (0.25 * side));
            table[i] = FromOkLab(0.97 - (0.53 * side), chroma * Math.Cos(hue), chroma * Math.Sin(hue));
        }

        return table;
    }

    /// <summary>A color between two others, in sRGB.</summary>
    internal static uint Mix(uint a, uint b, double t)
    {
        uint Channel(int shift)
        {
            double low = (a >> shift) & 0xFF, high = (b >> shift) & 0xFF;
            return (uint)Math.Round(low + ((high - low) * t)) << shift;
        }

        return Channel(16) | Channel(8) | Channel(0);
    }

    // Björn Ottosson, "A perceptual color space for image processing" (2020), public domain.
    private static uint FromOkLab(double lightness, double a, double b)
    {
        var l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        var m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        var s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        return (Gamma((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s)) << 16) |
            (Gamma((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s)) << 8) |
            Gamma((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static double Cube(double value) => value * value * value;

    private static uint Gamma(double linear)
    {
        var clipped = Math.Clamp(linear, 0, 1);
        var value = clipped <= 0.0031308 ? 12.92 * clipped : (1.055 * Math.Pow(clipped, 1 / 2.4)) - 0.055;
        return (uint)Math.Round(255 * value);
    }
}
