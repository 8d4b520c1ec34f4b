using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>Paganin's filter inverts the transport of intensity exactly for a sample of one material: closed forms.</summary>
public sealed class PhaseTests
{
    private const int N = 96;
    private static readonly PaganinOptions Options = new()
    {
        EnergyKeV = 25, Distance = Length.FromMillimeters(200), DeltaOverBeta = 400, PixelSize = Length.FromMicrometers(1.5),
    };

    private static double Spread => 0.2 * 400 * (1.239841984e-9 / 25) / (4 * Math.PI) / (1.5e-6 * 1.5e-6);

    [Fact]
    public void A_gaussian_blob_comes_back_from_its_own_edge_enhancement()
    {
        // Contact transmission 1 - c exp(-r^2 / 2 s^2); the detector sees (1 - spread Laplace) of it, in closed form.
        const double S = 7;
        const double C = 0.4;
        using var seen = Make((r2, _, _) =>
        {
            var blob = C * Math.Exp(-r2 / (2 * S * S));
            return 1 - blob - (Spread * -blob * ((r2 / (S * S * S * S)) - (2 / (S * S))));
        });
        Assert.Contains(seen.Frame(0).ToArray(), v => v > 1.1); // there is edge enhancement to take back
        var phase = seen.RetrievePhase(Options);
        for (var angle = 0; angle < 3; angle++)
        {
            Compare(phase.Projection(angle), (r2, a) => 1 - (C * Math.Exp(-r2 / (2 * S * S))) + (0.01 * a), angle, 1e-4);
        }

        Assert.Equal(Quantity.Transmission, phase.Quantity);
    }

    [Fact]
    public void The_generalised_filter_inverts_the_laplacian_of_pixels()
    {
        static double Contact(double r2) => 1 - (0.5 / (1 + Math.Exp((Math.Sqrt(r2) - 20) / 0.7)));
        using var seen = Make((_, y, x) =>
        {
            double At(double dy, double dx) => Contact(((y + dy) * (y + dy)) + ((x + dx) * (x + dx)));
            return At(0, 0) - (Spread * (At(-1, 0) + At(1, 0) + At(0, -1) + At(0, 1) - (4 * At(0, 0))));
        });
        Compare(seen.RetrievePhase(Options with { Generalized = true }).Projection(0), (r2, _) => Contact(r2), 0, 2e-4);
        // The continuous filter blurs the edge of this disc: the two are not the same thing.
        var classic = seen.RetrievePhase(Options).Projection(0);
        var worst = Enumerable.Range(0, N).Max(x => Math.Abs(classic[N / 2, x] - Contact(Math.Pow(x - 47.5, 2) + 0.25)));
        Assert.True(worst > 2e-3, $"{worst}");
    }

    [Fact]
    public void Air_stays_air_and_the_mean_stays()
    {
        using var air = Make((_, _, _) => 1);
        Assert.All(air.RetrievePhase(Options).Projection(0).Values.ToArray(), v => Assert.Equal(1, v, 1e-5));
    }

    [Fact]
    public void A_wedge_of_noise_loses_most_of_it()
    {
        var random = new Random(4);
        using var noisy = Make((_, _, _) => 1 + (0.1 * (random.NextDouble() - 0.5)));
        var ratio = Power(noisy.RetrievePhase(Options)) / Power(noisy);
        // Parseval: the mean of 1 / (1 + spread k^2)^2 over all frequencies is about 1 / (4 pi spread).
        Assert.InRange(ratio, 0.3 / (4 * Math.PI * Spread), 3 / (4 * Math.PI * Spread));

        // Away from the edges, whose values are repeated beyond them.
        static double Power(ProjectionStack stack) => Enumerable.Range(0, 3).Average(a =>
        {
            var image = stack.Projection(a);
            return Enumerable.Range(24, 48).SelectMany(y => Enumerable.Range(24, 48).Select(x => Math.Pow(image[y, x] - 1 - (0.01 * a), 2))).Average();
        });
    }

    [Fact]
    public void What_is_missing_or_in_the_wrong_order_is_said()
    {
        using var stack = Make((_, _, _) => 1);
        var error = Assert.Throws<ArgumentException>(() => stack.RetrievePhase(Options with { PixelSize = null }));
        Assert.Contains("pixel size", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => stack.MinusLog().RetrievePhase(Options));
        Assert.Contains("between Normalize() and MinusLog()", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { EnergyKeV = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Distance = new Length(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { DeltaOverBeta = double.NaN });
    }

    private static MemoryProjectionStack Make(Func<double, double, double, double> value)
    {
        var stack = new MemoryProjectionStack([0, 1, 2], N, N) { Quantity = Quantity.Transmission };
        for (var a = 0; a < 3; a++)
        {
            for (var i = 0; i < N * N; i++)
            {
                var (y, x) = ((i / N) - 47.5, (i % N) - 47.5);
                stack.Frame(a)[i] = (float)(value((y * y) + (x * x), y, x) + (0.01 * a));
            }
        }

        return stack;
    }

    private static void Compare(Image image, Func<double, int, double> expected, int angle, double tolerance)
    {
        for (var y = 0; y < N; y++)
        {
            for (var x = 0; x < N; x++)
            {
                Assert.Equal(expected(Math.Pow(y - 47.5, 2) + Math.Pow(x - 47.5, 2), angle), image[y, x], tolerance);
            }
        }
    }
}
