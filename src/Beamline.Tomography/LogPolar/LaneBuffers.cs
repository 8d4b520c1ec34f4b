using System.Collections.Concurrent;
using Beamline.Arrays;

namespace Beamline.Tomography.LogPolar;

/// <summary>Buffers of one size, one for each thread that works at once.</summary>
internal sealed class LaneBuffers(long floats) : IDisposable
{
    private readonly ConcurrentBag<ArrayMemory<float>> _free = [];

    internal ArrayMemory<float> Take() => _free.TryTake(out var buffer) ? buffer : ArrayMemory.Allocate<float>(floats);

    internal void Return(ArrayMemory<float> buffer) => _free.Add(buffer);

    public void Dispose()
    {
        foreach (var buffer in _free)
        {
            buffer.Dispose();
        }
    }
}
