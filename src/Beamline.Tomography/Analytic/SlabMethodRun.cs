using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Analytic;

/// <summary>Runs an <see cref="ISlabMethod"/> over all slabs of a stack.</summary>
internal static class SlabMethodRun
{
    internal static void Run(
        string name, ISlabMethod method, ProjectionStack projections, ParallelGeometry geometry, bool mask, ReconstructionPlan plan,
        VolumeStore store, SlicePreview preview, RunClock clock, RunContext context)
    {
        using var sinogram = InterleavedSlab.ToFill(geometry.AngleCount, geometry.ColumnCount, plan.Lanes, SlabShape.Pad);
        using var reader = new SlabReader(projections, plan.AnglesPerRead, plan.Lanes);
        using var fullBand = new InterleavedSlab(plan.BandRows, plan.ImageSize, plan.Lanes, SlabShape.Pad);
        var restRows = plan.ImageSize % plan.BandRows;
        using var restBand = restRows == 0 ? null : new InterleavedSlab(restRows, plan.ImageSize, plan.Lanes, SlabShape.Pad);
        for (var slab = 0; slab < plan.SlabCount; slab++)
        {
            var firstSlice = slab * plan.Lanes;
            var slices = Math.Min(plan.Lanes, plan.SliceCount - firstSlice);
            var done = slab;
            void Report(double part, Image? slice = null) => context.Report(
                new ProgressReport(name, (done + part) / plan.SlabCount, $"slab {done + 1} of {plan.SlabCount}") { Preview = slice });
            Report(0);
            if (slices < plan.Lanes)
            {
                // The other lanes have a part in the rounding of these.
                sinogram.Clear();
            }

            clock.Time(MethodSteps.Read, () => reader.Read(firstSlice, slices, sinogram, context));
            Report(0.1);
            clock.Time(MethodSteps.Transform, () => method.Prepare(sinogram, part => Report(0.1 + (0.9 * part)), context));
            for (var firstRow = 0; firstRow < plan.ImageSize; firstRow += plan.BandRows)
            {
                var row = firstRow;
                var rows = Math.Min(plan.BandRows, plan.ImageSize - row);
                var band = rows == plan.BandRows ? fullBand : restBand!;
                clock.Time(MethodSteps.Transform, () => method.MakeBand(band, row, context));
                if (mask)
                {
                    CircleMask.Apply(band, row, geometry);
                }

                clock.Time(MethodSteps.Write, () => store.Write(band, firstSlice, slices, row, context));
            }

            Report(1, preview.Make(context, firstSlice, slices, plan.ImageSize));
        }

        if (reader.Replaced > 0)
        {
            context.Warning?.Invoke(
                $"{reader.Replaced} values of the projections were not finite (NaN or infinite) and were taken as 0.");
        }
    }
}
