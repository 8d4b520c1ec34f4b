using System.Security.Cryptography;
using System.Text;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Iterative;

/// <summary>
/// Checkpoints of runs that name no folder of their own, in that of their <see cref="RunContext"/>: each run has a folder there by what it does, and each
/// slab a file by its data, so that the same code finds its own again whatever else ran beside it.
/// </summary>
internal static class AmbientCheckpoints
{
    // Seconds that a cancelled iteration may take to come to its end and be saved.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>The options of a run with a folder for its checkpoints, when it has none and its context has one.</summary>
    internal static IterativeOptions For(IterativeOptions options, Geometry geometry, ProjectionStack projections, RunContext context)
    {
        if (options.CheckpointFolder is not null || context.CheckpointFolder is not { } folder)
        {
            return options;
        }

        var run = RunCheckpoints.Describe(options, geometry, projections.RowCount, projections.Quantity, projections.PixelSize, $"{context.Device} {VectorUnit.Name}");
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', run))))[..16];
        return options with { CheckpointFolder = Path.Combine(folder, key), CheckpointsBefore = context.CheckpointsBefore };
    }

    /// <summary>A token that follows another one a while later.</summary>
    internal static CancellationTokenSource Later(CancellationToken token)
    {
        var late = new CancellationTokenSource();
        token.Register(() =>
        {
            try
            {
                late.CancelAfter(Patience);
            }
            catch (ObjectDisposedException)
            {
                // The run had ended by then.
            }
        });
        return late;
    }
}
