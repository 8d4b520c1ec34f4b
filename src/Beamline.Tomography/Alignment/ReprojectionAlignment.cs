using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Alignment;

namespace Beamline.Tomography;

/// <summary>Aligns projections of a sample or a stage that moved, without markers.</summary>
public static class ReprojectionAlignment
{
    private const int MostRows = 32;

    /// <summary>Members of a stack.</summary>
    /// <param name="projections">Line integrals [angle, row, column].</param>
    extension(ProjectionStack projections)
    {
        /// <summary>
        /// Finds the shift of each projection, in parts of a pixel: reconstructs, projects the slices again, moves each projection towards its
        /// reprojection, and repeats.
        /// </summary>
        /// <remarks>
        /// Gürsoy et al., Scientific Reports 7 (2017) 11818, with filtered backprojection for the reconstruction and one Gauss-Newton step of
        /// least squares for each shift and round. Shifts that only move the sample (a sine over the angle, a constant along the axis) cannot be seen
        /// and are left out. Made for jitter of a few pixels; the projections must be evenly spaced and show the whole width of the sample.
        /// </remarks>
        /// <param name="axis">The rotation axis.</param>
        /// <param name="options">Iterations and rows; null takes the defaults.</param>
        /// <returns>The shifts, and how the difference went down.</returns>
        /// <exception cref="ArgumentException">The stack holds no line integrals, or has fewer than 8 angles.</exception>
        /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
        public AlignmentResult AlignByReprojection(RotationAxis axis, AlignmentOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(projections);
            ArgumentNullException.ThrowIfNull(axis);
            options ??= new AlignmentOptions();
            if (projections.Quantity != Quantity.LineIntegral)
            {
                throw new ArgumentException(
                    $"Alignment compares line integrals, and this stack holds {projections.Quantity.Name}: MinusLog() comes first.");
            }

            if (projections.AngleCount < 8)
            {
                throw new ArgumentException($"Alignment needs at least 8 projections to compare; there are {projections.AngleCount}.");
            }

            var rows = Math.Min(MostRows, projections.RowCount);
            var middle = options.MiddleRow ?? projections.RowCount / 2;
            var first = Math.Clamp(middle - (rows / 2), 0, projections.RowCount - rows);
            using var search = new ReprojectionSearch(projections, axis, first, rows, options.AlongAxis && rows >= 8);
            using var job = RunJob.Start("alignment");
            var context = RunContext.Current;
            var history = new List<double>();
            var converged = false;
            for (var round = 0; round < options.Iterations && !converged; round++)
            {
                context.Report(new ProgressReport("alignment", (double)round / options.Iterations, round == 0 ? "" : $"residual {history[^1]:0.0%}")
                {
                    Iteration = round,
                    IterationLimit = options.Iterations,
                    Residual = round == 0 ? null : history[^1],
                });
                converged = search.Step(context) < options.TolerancePixels;
                history.Add(search.Residual);
            }

            if (!converged)
            {
                context.Warning?.Invoke(
                    $"Alignment: the shifts still moved by more than {options.TolerancePixels:g3} pixels after {options.Iterations} rounds. Raise " +
                    "AlignmentOptions.Iterations, and check the axis.");
            }

            job.Complete(new JobResult(null) { Residuals = history });
            return new AlignmentResult(new ShiftOptions(search.ColumnShifts, search.RowShifts), history, converged);
        }
    }
}
