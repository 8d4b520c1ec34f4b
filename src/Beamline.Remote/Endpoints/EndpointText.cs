using System.Globalization;

namespace Beamline.Remote;

/// <summary>Times and sizes as people write them for batch systems.</summary>
internal static class EndpointText
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
        ("T", 1L << 40), ("G", 1L << 30), ("M", 1L << 20), ("K", 1L << 10), ("B", 1),
    ];

    /// <summary>Reads hh:mm:ss or d-hh:mm:ss; null for anything else, and for no time at all.</summary>
    public static TimeSpan? Walltime(string text)
    {
        var days = 0;
        var rest = text.Trim();
        if (rest.IndexOf('-', StringComparison.Ordinal) is var at and > 0)
        {
            if (!int.TryParse(rest[..at], NumberStyles.None, CultureInfo.InvariantCulture, out days))
            {
                return null;
            }

            rest = rest[(at + 1)..];
        }

        var parts = rest.Split(':');
        if (parts.Length != 3 || days > 3650)
        {
            return null;
        }

        var numbers = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (parts[i].Length is 0 or > 4 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        var time = new TimeSpan(days, numbers[0], numbers[1], numbers[2]);
        return numbers[1] < 60 && numbers[2] < 60 && time > TimeSpan.Zero ? time : null;
    }

    /// <summary>Writes a time as hh:mm:ss, or d-hh:mm:ss from a day on.</summary>
    public static string Walltime(TimeSpan time) =>
        (time.Days > 0 ? $"{time.Days}-" : "") + $"{time.Hours:00}:{time.Minutes:00}:{time.Seconds:00}";

    /// <summary>Reads "64 GiB", "64GB" or, as Slurm has it, "64G"; null for anything else.</summary>
    public static long? Memory(string text)
    {
        var value = text.Trim();
        foreach (var (unit, bytes) in Units)
        {
            if (value.EndsWith(unit, StringComparison.OrdinalIgnoreCase) &&
                double.TryParse(value[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) &&
                number > 0 && number * bytes < long.MaxValue)
            {
                return (long)(number * bytes);
            }
        }

        return null;
    }

    /// <summary>Writes how long something took.</summary>
    public static string Seconds(TimeSpan time) =>
        time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0} ms"
        : time.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";
}
