using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Operators;

/// <summary>Device buffers by name, made when first asked for and kept while their length stays.</summary>
internal sealed unsafe class GpuBuffers(Accelerator accelerator) : IDisposable
{
    private const int Block = 1 << 28;
    private readonly Dictionary<string, MemoryBuffer1D<float, Stride1D.Dense>> _buffers = [];

    internal MemoryBuffer1D<float, Stride1D.Dense> Buffer(string name, long length)
    {
        if (_buffers.TryGetValue(name, out var made) && made.Length == length)
        {
            return made;
        }

        made?.Dispose();
        return _buffers[name] = accelerator.Allocate1D<float>(length);
    }

    internal MemoryBuffer1D<float, Stride1D.Dense> Upload(string name, float* source, long length)
    {
        var buffer = Buffer(name, length);
        for (long done = 0; done < length;)
        {
            var count = (int)Math.Min(length - done, Block);
            buffer.View.SubView(done, count).CopyFromCPU(accelerator.DefaultStream, new ReadOnlySpan<float>(source + done, count));
            done += count;
        }

        return buffer;
    }

    internal void Download(MemoryBuffer1D<float, Stride1D.Dense> buffer, float* target, long length)
    {
        for (long done = 0; done < length;)
        {
            var count = (int)Math.Min(length - done, Block);
            buffer.View.SubView(done, count).CopyToCPU(accelerator.DefaultStream, new Span<float>(target + done, count));
            done += count;
        }

        accelerator.Synchronize();
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers.Values)
        {
            buffer.Dispose();
        }
    }
}
