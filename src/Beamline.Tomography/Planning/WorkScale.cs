using System.Numerics;
using Beamline.Compute;

namespace Beamline.Tomography.Planning;

/// <summary>What a rate depends on beside the kind of work: the size of slices decides what stays in the caches.</summary>
/// <param name="Columns">A power of two, 64 to 2048.</param>
/// <param name="Lanes">Slices worked on together.</param>
/// <param name="Context">Device and threads.</param>
internal readonly record struct WorkScale(int Columns, int Lanes, RunContext Context)
{
    internal static WorkScale Of(int columns, int lanes, RunContext context)
    {
        // The nearest power of two on a scale of ratios.
        var above = (int)BitOperations.RoundUpToPowerOf2((uint)columns);
        var nearest = columns < above / Math.Sqrt(2) ? above / 2 : above;
        return new WorkScale(Math.Clamp(nearest, 64, 2048), lanes, context with { Progress = null, Warning = null });
    }

    /// <summary>Under which name a number that was measured here is stored.</summary>
    internal string Key(string name) =>
        $"{name} {Columns}x{Lanes} {Context.MaxThreads} threads {DeviceName.Of(ComputeDevices.Resolve(Context.Device))}";
}
