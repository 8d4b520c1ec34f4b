using System.Globalization;

namespace Beamline.Cli.Commands;

/// <summary>Times as people write them: 90, 90s, 5m, 2h, 00:10:00.</summary>
internal static class Duration
{
    internal static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var trimmed = text.Trim();
        if (trimmed.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out time) && time > TimeSpan.Zero;
        }

        var factor = trimmed.Length == 0 ? 0 : char.ToLowerInvariant(trimmed[^1]) switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            >= '0' and <= '9' => 1,
            _ => 0,
        };
        var number = factor > 0 && !char.IsAsciiDigit(trimmed[^1]) ? trimmed[..^1] : trimmed;
        if (factor == 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ||
            value * factor is not (> 0 and <= 24 * 86400))
        {
            return false;
        }

        time = TimeSpan.FromSeconds(value * factor);
        return true;
    }
}
