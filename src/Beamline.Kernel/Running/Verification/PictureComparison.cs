using System.Globalization;

namespace Beamline.Kernel;

/// <summary>Compares PNG pictures by the root mean square of the differences of their channels.</summary>
internal static class PictureComparison
{
    /// <summary>How two pictures differ; null when they agree within the tolerance.</summary>
    /// <param name="before">The stored picture in base64.</param>
    /// <param name="now">The new one.</param>
    /// <param name="tolerance">Largest root mean square, as a part of the full scale.</param>
    public static string? Difference(string before, string now, double tolerance)
    {
        if (before == now)
        {
            return null;
        }

        if (Decode(before, "stored", out var problem) is not { } a || Decode(now, "new", out problem) is not { } b)
        {
            return problem;
        }

        if ((a.Width, a.Height) != (b.Width, b.Height))
        {
            return $"the stored picture is {a.Width} x {a.Height}, the new one {b.Width} x {b.Height}";
        }

        var error = RootMeanSquare(a.Rgba, b.Rgba);
        return error <= tolerance ? null : string.Create(
            CultureInfo.InvariantCulture, $"the pictures differ by {error:0.#####} of the full scale (root mean square; {tolerance} is allowed)");
    }

    public static double RootMeanSquare(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = (a[i] - b[i]) / 65535.0;
            sum += difference * difference;
        }

        return a.Length == 0 ? 0 : Math.Sqrt(sum / a.Length);
    }

    private static PngPicture? Decode(string base64, string which, out string? problem)
    {
        try
        {
            problem = null;
            return PngPicture.Decode(Convert.FromBase64String(base64));
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            problem = $"the {which} picture cannot be read: {exception.Message}";
            return null;
        }
    }
}
