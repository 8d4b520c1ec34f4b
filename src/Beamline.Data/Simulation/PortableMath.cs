namespace Beamline.Data.Simulation;

/// <summary>
/// Sine, cosine, exponential and logarithm made only of +, -, x, / and square root, which IEEE 754 fixes to the last bit.
/// The C library's versions differ in the last bit from one machine to another; with these, a simulated
/// file is the same everywhere. Accurate to about 1e-15.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Sine and cosine of an angle in degrees.</summary>
    internal static (double Sin, double Cos) SinCosDegrees(double degrees)
    {
        // Reduced exactly in degrees to -45 ... 45 around a multiple of 90.
        var turns = degrees - (360 * Math.Floor(degrees / 360));
        var quarter = (int)Math.Floor((turns / 90) + 0.5);
        var radians = (turns - (90 * quarter)) * (Math.PI / 180);
        var square = radians * radians;
        double sin = 0, cos = 0;
        for (var n = 10; n >= 1; n--)
        {
            sin = (1 - sin) * square / ((2 * n) * ((2 * n) + 1));
            cos = (1 - cos) * square / (((2 * n) - 1) * (2 * n));
        }

        (sin, cos) = (radians * (1 - sin), 1 - cos);
        return (quarter & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>e to the power x, for x of -700 to 700.</summary>
    internal static double Exp(double x)
    {
        var power = Math.Floor((x * 1.4426950408889634) + 0.5);
        var rest = x - (power * Ln2High) - (power * Ln2Low);
        var sum = 1.0;
        for (var n = 18; n >= 1; n--)
        {
            sum = 1 + (sum * rest / n);
        }

        return Math.ScaleB(sum, (int)power);
    }

    /// <summary>Natural logarithm of a positive normal number.</summary>
    internal static double Log(double x)
    {
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var sum = 0.0;
        for (var n = 25; n >= 1; n -= 2)
        {
            sum = (sum * square) + (1.0 / n);
        }

        return (exponent * Ln2High) + ((2 * t * sum) + (exponent * Ln2Low));
    }

    /// <summary>Natural logarithm of the factorial of a whole number.</summary>
    internal static double LogFactorial(double n)
    {
        if (n < 16)
        {
            var product = 1.0;
            for (var i = 2; i <= n; i++)
            {
                product *= i;
            }

            return Log(product);
        }

        // Stirling's series; the term left out is below 1e-13 from 16 up.
        var inverse = 1 / n;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return ((n + 0.5) * Log(n)) - n + 0.91893853320467274178 + series;
    }
}
