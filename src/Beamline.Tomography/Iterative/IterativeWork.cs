using Beamline.Tomography.Analytic;
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
    internal static MethodWork Of(ReconstructionPlan plan, int angles, int columns, IterativeOptions options)
    {
        var each = IterationWork.Of(options.Method, options.Regularizer is not null, IterativeProblem.SubsetCount(options, angles));
        double slices = plan.Lanes, slabs = plan.SlabCount, iterations = options.IterationLimit;
        var image = (double)plan.ImageSize * plan.ImageSize * slices;
        var rays = (double)angles * columns * slices;
        // A' of the data at the start; the residual of the last iterate at the end.
        var adjoints = slabs * ((iterations * each.Adjoint) + 1);
        var forwards = slabs * ((iterations * each.Forward) + 1);
        // Sums of rows and columns, and for some methods a norm: 16 lanes, whatever the slabs have.
        var once = (IterativeProblem.NeedsNorm(options.Method) ? 2 : 1) * 16 / slices;
        return new MethodWork(options.Method.ToString(), columns, plan.Lanes,
        [
            new(MethodSteps.Prepare, WorkKind.Allocate, plan.WorkingBytes + (plan.ResultOnDisk ? 0 : plan.ResultBytes)),
            new(MethodSteps.Prepare, WorkKind.Forward, once * image * angles),
            new(MethodSteps.Prepare, WorkKind.Backproject, once * image * angles),
            new(MethodSteps.Iterate, WorkKind.Forward, forwards * image * angles),
            new(MethodSteps.Iterate, WorkKind.Backproject, adjoints * image * angles),
            new(MethodSteps.Iterate, WorkKind.Pass, slabs * ((iterations + 1) * ((each.RayPasses * rays) + (each.ImagePasses * image)))),
            new(MethodSteps.Iterate, WorkKind.Stencil, slabs * (iterations + 1) * each.Stencils * image),
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
}
