using System.Buffers;
using System.Globalization;

namespace Beamline.Cli.Commands;

/// <summary>Sizes as people write them: 512MB, 2GiB, 1000000.</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    internal static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var trimmed = text.Trim();
        var end = trimmed.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = end < 0 ? trimmed : trimmed[..end];
        var unit = end < 0 ? "" : trimmed[end..].Trim();
        double? factor = unit.ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "K" or "KB" => 1e3,
            "M" or "MB" => 1e6,
            "G" or "GB" => 1e9,
            "T" or "TB" => 1e12,
            "KIB" => 1L << 10,
            "MIB" => 1L << 20,
            "GIB" => 1L << 30,
            "TIB" => 1L << 40,
            _ => null,
        };
        if (factor is null ||
            !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ||
            value * factor is not (>= 1 and < 9e18))
        {
            return false;
        }

        bytes = (long)(value * factor.Value);
        return true;
    }
}
