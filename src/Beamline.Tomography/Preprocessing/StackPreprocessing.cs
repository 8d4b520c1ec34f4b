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
    }
}
