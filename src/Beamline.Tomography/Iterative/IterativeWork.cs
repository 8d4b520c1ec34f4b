using Beamline.Arrays;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Geometries;
using Beamline.Tomography.Planning;

namespace Beamline.Tomography.Iterative;

/// <summary>What one iteration of a method does, in whole projections and in passes over its slabs.</summary>
/// <param name="Forward">Forward projections of all rays.</param>
/// <param name="Adjoint">Backprojections of all rays.</param>
/// <param name="RayPasses">Passes over a sinogram slab.</param>
/// <param name="ImagePasses">Passes over an image slab.</param>
/// <param name="Stencils">Walks over an image slab and its neighbors.</param>
internal readonly record struct IterationWork(double Forward, double Adjoint, double RayPasses, double ImagePasses, double Stencils = 0)
{
    /// <summary>Counted in the code of the methods; a pass that keeps the best slices is in all of them.</summary>
    /// <param name="method">The method.</param>
    /// <param name="ownPenalty">Whether the penalty is the user's.</param>
    /// <param name="subsets">Subsets of the rays.</param>
    internal static IterationWork Of(IterativeMethod method, bool ownPenalty, int subsets)
    {
        // A subset's backprojection fills a whole image, which is then applied: two passes for each.
        var sweep = subsets == 1 ? new IterationWork(1, 1, 1, 2) : new IterationWork(1, 1, 1, (2 * subsets) + 3);
        return method switch
        {
            IterativeMethod.Cgls => new(1, 1, 2, 4),
            IterativeMethod.Tikhonov => new(1, 1, 2, 5),
            IterativeMethod.Lsqr => new(1, 1, 3, 6),
            IterativeMethod.Pwls => new(1, 1, 3, 5, ownPenalty ? 0 : 2),
            IterativeMethod.TvFista => new(1, 1, 3, 4, ownPenalty ? 0 : 22),
            IterativeMethod.TvPdhg => new(1, 1, 3, 4, 3),
            IterativeMethod.AsdPocs => new(2, 1, 2, sweep.ImagePasses + 44, 21),
            _ => sweep,
        };
    }
}

/// <summary>The work of an iterative run: what is done once, and the iterations of every slab.</summary>
internal static class IterativeWork
{
    /// <param name="plan">The plan.</param>
    /// <param name="angles">Projections.</param>
    /// <param name="columns">Detector columns.</param>
    /// <param name="options">The options.</param>
    /// <param name="fan">The geometry when the beam is not parallel; each row still sees its own slice.</param>
    internal static MethodWork Of(ReconstructionPlan plan, int angles, int columns, IterativeOptions options, VectorGeometry? fan = null)
    {
        double lanes = plan.Lanes, size = plan.ImageSize;
        var voxels = size * size * lanes * angles;
        var rays = GeometryProbes.RayUnits(angles, columns, lanes, size);
        return Of(plan, options, angles, columns, new Slab(
            plan.SlabCount, plan.Lanes, size * size * lanes, angles * (double)columns * lanes,
            fan is null ? (WorkKind.Forward, voxels) : (WorkKind.RayForward(RayPose.Slices), rays),
            fan is null ? (WorkKind.Backproject, voxels) : (WorkKind.RayAdjoint(RayPose.Slices), rays),
            // Sums of rows and columns are made with 16 lanes, whatever the slabs have.
            16 / lanes, fan is null ? "" : "-fan"));
    }

    /// <summary>The work on a volume that is one problem.</summary>
    internal static MethodWork OfVolume(ReconstructionPlan plan, VectorGeometry geometry, IterativeOptions options)
    {
        double depth = VolumeSlabs.Pieces(geometry.SliceCount) * VolumeSlabs.Lanes, rows = VolumeSlabs.Pieces(geometry.RowCount) * VolumeSlabs.Lanes;
        double size = geometry.ImageSize;
        var voxels = size * size * depth * geometry.ViewCount;
        var rays = GeometryProbes.RayUnits(geometry.ViewCount, geometry.ColumnCount, rows, size);
        var pose = RayPoses.Of(geometry);
        var isParallel = geometry is { IsSliceWise: true, Beam: BeamShape.Parallel };
        return Of(plan, options, geometry.ViewCount, geometry.ColumnCount, new Slab(
            1, VolumeSlabs.Lanes, size * size * depth, geometry.ViewCount * (double)geometry.ColumnCount * rows,
            isParallel ? (WorkKind.Forward, voxels) : (WorkKind.RayForward(pose), rays),
            isParallel ? (WorkKind.Backproject, voxels) : (WorkKind.RayAdjoint(pose), rays),
            1, $"-volume-{pose}"));
    }

    private static MethodWork Of(ReconstructionPlan plan, IterativeOptions options, int angles, int columns, Slab slab)
    {
        var each = IterationWork.Of(options.Method, options.Regularizer is not null, IterativeProblem.SubsetCount(options, angles));
        double slabs = slab.Count, iterations = options.IterationLimit;
        // A' of the data at the start; the residual of the last iterate at the end.
        var adjoints = slabs * ((iterations * each.Adjoint) + 1);
        var forwards = slabs * ((iterations * each.Forward) + 1);
        // The sums of A, and for some methods a norm.
        var once = (IterativeProblem.NeedsNorm(options.Method) ? 2 : 1) * slab.OncePart;
        return new MethodWork(options.Method + slab.Suffix, columns, slab.Lanes,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(MethodSteps.Prepare, slab.Forward.Kind, once * slab.Forward.Units),
            new(MethodSteps.Prepare, slab.Adjoint.Kind, once * slab.Adjoint.Units),
            new(MethodSteps.Iterate, slab.Forward.Kind, forwards * slab.Forward.Units),
            new(MethodSteps.Iterate, slab.Adjoint.Kind, adjoints * slab.Adjoint.Units),
            new(MethodSteps.Iterate, WorkKind.Pass, slabs * ((iterations + 1) * ((each.RayPasses * slab.RayValues) + (each.ImagePasses * slab.ImageValues)))),
            new(MethodSteps.Iterate, WorkKind.Stencil, slabs * (iterations + 1) * each.Stencils * slab.ImageValues),
            new(MethodSteps.Write, WorkKind.Interleave, plan.ResultBytes),
            new(MethodSteps.Write, WorkKind.Scratch, plan.ResultOnDisk ? plan.ResultBytes : 0),
        ])
        {
            IsAtMost = options.NoiseLevel is not null || options.StopAtRelativeChange is not null,
            Unknown = options.Operator is not null ? "the operator is your own"
                : options.Regularizer is not null ? "the penalty is your own"
                : FbpWork.UnknownBackend(options.Backend, plan.Device),
        };
    }

    /// <summary>What is worked on at once, and how quickly it is projected.</summary>
    private sealed record Slab(
        int Count, int Lanes, double ImageValues, double RayValues, (WorkKind Kind, double Units) Forward, (WorkKind Kind, double Units) Adjoint,
        double OncePart, string Suffix);
}
