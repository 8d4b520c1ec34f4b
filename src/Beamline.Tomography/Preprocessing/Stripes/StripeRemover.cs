namespace Beamline.Tomography.Preprocessing;

/// <summary>Takes the stripes out of one sinogram in place. Used by several threads at once.</summary>
internal abstract class StripeRemover
{
    /// <summary>Fewest angles and columns for which the statistics mean something.</summary>
    private const int Least = 8;

    /// <summary>The last part of All changes nothing by more than this part of the mean: higher stripes have been found before, and the sample's edges are not stripes.</summary>
    private const double FaintestFound = 0.03;

    internal abstract void Apply(SinogramBlock sinogram);

    /// <exception cref="ArgumentException">The sinogram is too small for the method.</exception>
    internal static StripeRemover Create(StripeOptions options, int angles, int columns)
    {
        if (angles < Least || columns < Least)
        {
            throw new ArgumentException(
                $"Stripe removal needs at least {Least} angles and {Least} columns; this stack has {angles} and {columns}.");
        }

        var follow = !options.AsPublished;
        var small = Fit(options.Size ?? (follow && options.Method != StripeMethod.Sorting ? Clamp(columns * 3 / 200, 9, 31) : Clamp(columns / 50, 11, 31)), columns);
        var large = Fit(options.LargeSize ?? Clamp(columns / 25, 31, 81), columns);
        var sigma = options.Sigma ?? (options.Method == StripeMethod.WaveletFourier ? 2 : follow ? 4 : 3);
        LargeStripes Normalized(bool interpolate = false) => new(options.SignalToNoise, large, options.DropRatio, interpolate);
        return options.Method switch
        {
            StripeMethod.All when follow => new StripesInTurn(
                new FlickerStripes(options.SignalToNoise, large), new DeadStripes(options.SignalToNoise, large, follow),
                new SegmentedStripes(options.SignalToNoise, large), new FilteredStripes(sigma, small, follow, angles, FaintestFound)),
            StripeMethod.All => new StripesInTurn(new DeadStripes(options.SignalToNoise, large, follow), Normalized(), new SortedStripes(small)),
            StripeMethod.Sorting => new SortedStripes(small),
            StripeMethod.Filtering => new FilteredStripes(sigma, small, follow, angles),
            StripeMethod.Fitting => new FittedStripes(options.Order, options.SigmaColumns ?? columns / 25.0, angles, columns),
            // What is left of full stripes, and those that are too faint to be found, go by the published normalization.
            StripeMethod.Large when follow => new StripesInTurn(new SegmentedStripes(options.SignalToNoise, large), Normalized()),
            StripeMethod.Large => Normalized(),
            StripeMethod.Interpolation => Normalized(interpolate: true),
            StripeMethod.Dead when follow => new StripesInTurn(new FlickerStripes(options.SignalToNoise, large), new DeadStripes(options.SignalToNoise, large, follow)),
            StripeMethod.Dead => new DeadStripes(options.SignalToNoise, large, follow),
            StripeMethod.WaveletFourier => new WaveletStripes(options.VanishingMoments, options.Levels, sigma),
            StripeMethod.Titarenko => new RegularizedStripes(options.Alpha, options.Blocks),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "No such method."),
        };
    }

    private static int Clamp(int value, int low, int high) => Math.Clamp(value, low, high) | 1;

    /// <summary>A window wider than the detector would see its own reflection only.</summary>
    private static int Fit(int size, int columns) => Math.Min(size, (columns - 1) | 1);

    private sealed class StripesInTurn(params StripeRemover[] removers) : StripeRemover
    {
        internal override void Apply(SinogramBlock sinogram)
        {
            foreach (var remover in removers)
            {
                remover.Apply(sinogram);
            }
        }
    }
}
