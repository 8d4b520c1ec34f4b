using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography;

/// <summary>Operations on stacks of projections, such as <c>projections.MinusLog()</c>. Lazy: values are computed when they are read.</summary>
public static class StackPreprocessing
{
    /// <summary>Members of a stack.</summary>
    /// <param name="projections">Transmissions.</param>
    extension(ProjectionStack projections)
    {
        /// <summary>Minus the natural logarithm: the line integral of the attenuation (Beer-Lambert). Lazy.</summary>
        /// <remarks>Transmissions below the floor, also zero and negative ones, count as the floor, with a warning.</remarks>
        /// <param name="options">The floor; null takes the default.</param>
        /// <returns>Line integrals [angle, row, column].</returns>
        public ProjectionStack MinusLog(MinusLogOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(projections);
            if (projections.Quantity == Quantity.Counts)
            {
                RunContext.Current.Warning?.Invoke("Minus-log of raw counts: Normalize() comes first.");
            }

            return new MinusLogStack(projections, options ?? new MinusLogOptions());
        }

        /// <summary>Applies a step, or a pipeline of steps.</summary>
        /// <param name="step">The step.</param>
        /// <returns>The stack after it, lazy.</returns>
        public ProjectionStack Apply(PreprocessingStep step)
        {
            ArgumentNullException.ThrowIfNull(step);
            return step.Apply(projections);
        }

        /// <summary>Removes the stripes of sinograms, which become rings in slices. Lazy; sinograms are computed when first read, then kept.</summary>
        /// <param name="method">The method, with its default parameters.</param>
        /// <returns>A stack of the same quantity.</returns>
        public ProjectionStack RemoveStripes(StripeMethod method) =>
            new StripeOptions { Method = method }.Apply(projections);

        /// <summary>Removes the stripes of sinograms, which become rings in slices. Lazy; sinograms are computed when first read, then kept.</summary>
        /// <param name="options">The method and its parameters.</param>
        /// <returns>A stack of the same quantity.</returns>
        public ProjectionStack RemoveStripes(StripeOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            return options.Apply(projections);
        }

        /// <summary>Replaces single bright pixels by the median of their neighbors. Lazy. Comes before minus-log.</summary>
        /// <param name="options">Window and threshold; null takes the defaults.</param>
        public ProjectionStack RemoveZingers(ZingerOptions? options = null) => (options ?? new ZingerOptions()).Apply(projections);

        /// <summary>Makes air read 1 (line integrals: 0) again by the columns at the sides of the detector. Lazy.</summary>
        /// <param name="options">How many columns are air; null takes the defaults.</param>
        public ProjectionStack NormalizeBackground(BackgroundOptions? options = null) => (options ?? new BackgroundOptions()).Apply(projections);

        /// <summary>Replaces values that are not finite, or saturated, by those of the neighboring projections. Lazy.</summary>
        /// <param name="options">What is saturated; null takes the defaults.</param>
        public ProjectionStack RepairValues(RepairOptions? options = null) => (options ?? new RepairOptions()).Apply(projections);

        /// <summary>Phase retrieval for a sample of one material: transmissions without edge enhancement. Lazy. Comes before minus-log.</summary>
        /// <param name="options">Energy, distance and material.</param>
        public ProjectionStack RetrievePhase(PaganinOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            return options.Apply(projections);
        }

        /// <summary>Joins the two halves of a whole turn whose axis is near an edge of the detector. Lazy.</summary>
        /// <param name="axisColumn">Column of the axis in the projections as taken.</param>
        /// <returns>Half a turn of wider projections, and the axis in them.</returns>
        /// <exception cref="ArgumentException">The projections cover less than a whole turn, or the axis is not near an edge.</exception>
        public (ProjectionStack Projections, RotationAxis Axis) StitchHalfAcquisition(double axisColumn)
        {
            var options = new HalfAcquisitionOptions { AxisColumn = axisColumn };
            return (options.Apply(projections), options.StitchedAxis(projections.ColumnCount));
        }
    }
}
