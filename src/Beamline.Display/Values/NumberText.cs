namespace Beamline.Display;

/// <summary>Numbers as people write them in a caption.</summary>
internal static class NumberText
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>About four significant digits: 0.0123, 512, 1.23×10⁻⁷, NaN.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }

        var size = Math.Abs(value);
        if (size is 0 or (>= 1e-3 and < 1e6))
        {
            var digits = size == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
            var text = value.ToString(digits == 0 ? "0" : "0." + new string('#', digits));
            return text == "-0" ? "0" : Minus(text);
        }

        var exponent = (int)Math.Floor(Math.Log10(size));
        var mantissa = value / Math.Pow(10, exponent);
        if (Math.Round(Math.Abs(mantissa), 3) >= 10)
        {
            (mantissa, exponent) = (mantissa / 10, exponent + 1);
        }

        return $"{Minus(mantissa.ToString("0.###"))}×{Power(exponent)}";
    }

    /// <summary>10⁻³ and the like.</summary>
    public static string Power(int exponent) =>
        "10" + (exponent < 0 ? "⁻" : "") + string.Concat(Math.Abs(exponent).ToString().Select(digit => Raised[digit - '0']));

    /// <summary>A pixel size in the unit that the field speaks: µm from 0.1 µm up.</summary>
    public static string PixelSize(Beamline.Arrays.Length size) =>
        size.Micrometers is >= 0.1 and < 1000 ? $"{size.Micrometers:0.####} µm" : size.ToString();

    /// <summary>A typographic minus, which is as wide as a plus.</summary>
    public static string Minus(string text) => text.Replace('-', '−');
}
