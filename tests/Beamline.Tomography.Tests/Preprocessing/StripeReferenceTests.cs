using Beamline.Arrays;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>
/// Every method against numbers from a second implementation in numpy, scipy 1.10 and PyWavelets 1.1 of the published descriptions
/// (SciPy's median_filter, uniform_filter1d, polyfit; numpy's fft, lstsq and solve; pywt.dwt2 with db5).
/// </summary>
public sealed class StripeReferenceTests
{
    private static readonly (int Angle, int Column)[] Points = [(5, 30), (40, 31), (48, 50), (60, 77), (70, 96), (20, 64), (90, 100), (33, 12)];

    public static TheoryData<StripeOptions, double[], double, double> Expected => new()
    {
        { new() { Method = StripeMethod.Sorting, Size = 7 }, [0.993756, 1.01389, 1.519752, 1.179819, 1.01393, 1.374255, 0.991901, 0.997317], 15050.7638, 19543.5297 },
        { new() { Method = StripeMethod.Large, LargeSize = 21 }, [0.993756, 1.01389, 1.489887, 1.179819, 1.01393, 1.367684, 0.991756, 0.996807], 14979.4085, 19308.7573 },
        { new() { Method = StripeMethod.Dead, LargeSize = 21 }, [1.145166, 1.011406, 1.588043, 1.120064, 1.208252, 1.363169, 0.991901, 0.996598], 15105.6282, 19676.707 },
        { new() { Method = StripeMethod.Interpolation, LargeSize = 21 }, [1.014393, 1.020323, 1.549764, 1.207304, 1.004875, 1.367684, 0.991756, 0.996807], 14830.277, 18769.476 },
        { new() { Method = StripeMethod.Filtering, Sigma = 3, Size = 7 }, [1.002754, 1.012436, 1.521548, 1.190475, 1.012719, 1.363169, 0.991278, 0.996598], 15045.4962, 19516.9724 },
        { new() { Method = StripeMethod.Titarenko, Alpha = 0.05 }, [1.035799, 1.047903, 1.482682, 1.196366, 1.076871, 1.372577, 1.033393, 1.003103], 15049.4861, 19425.92 },
        { new() { Method = StripeMethod.WaveletFourier, Levels = 3 }, [1.015755, 1.022347, 1.551499, 1.211005, 1.069087, 1.375884, 1.051213, 0.99633], 15049.4674, 19470.5019 },
        { new() { Method = StripeMethod.Fitting, SigmaColumns = 10 }, [1.031191, 1.037192, 1.542572, 1.203047, 1.117623, 1.365927, 1.011892, 0.99639], 15049.5663, 19452.3653 },
        { new() { Method = StripeMethod.All, Size = 7, LargeSize = 21 }, [0.993958, 1.01389, 1.506308, 1.179819, 1.01393, 1.374116, 0.991819, 0.997571], 15014.1754, 19412.0656 },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void The_same_numbers_as_the_reference(StripeOptions options, double[] values, double sum, double squares)
    {
        using var input = Input();
        Assert.Equal(15049.486083, Sum(input.Sinogram(0), v => v), 1e-3);
        var result = input.RemoveStripes(options with { AsPublished = true }).Sinogram(0);
        foreach (var ((angle, column), expected) in Points.Zip(values))
        {
            Assert.Equal(expected, result.Row(angle)[column], 3e-5);
        }

        Assert.Equal(sum, Sum(result, v => v), 0.05);
        Assert.Equal(squares, Sum(result, v => v * v), 0.2);
    }

    private static double Sum(Sinogram sinogram, Func<double, double> f)
    {
        double sum = 0;
        foreach (var value in sinogram.Values)
        {
            sum += f(value);
        }

        return sum;
    }

    private static MemoryProjectionStack Input()
    {
        const int Columns = 128;
        var stack = new MemoryProjectionStack(Phantoms.Angles(96), 1, Columns) { Quantity = Quantity.Transmission };
        for (var a = 0; a < 96; a++)
        {
            var frame = stack.Frame(a);
            var (sin, cos) = Math.SinCos(Math.PI * a / 96);
            for (var c = 0; c < Columns; c++)
            {
                var noise = Math.Sin((12.9898 * a) + (78.233 * c)) * 43758.5453;
                var value = 1 + (0.8 * Math.Exp(-Math.Pow((c - 64 - (20 * cos)) / 18, 2))) + (0.3 * Math.Exp(-Math.Pow((c - 40 - (15 * sin)) / 6, 2)))
                    + (0.02 * (noise - Math.Floor(noise) - 0.5));
                frame[c] = (float)(c == 50 ? 1 : value + (c == 30 ? 0.15 : c == 77 ? -0.1 : c is >= 95 and <= 97 ? 0.2 : 0));
            }
        }

        return stack;
    }
}
