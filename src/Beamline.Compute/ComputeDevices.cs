using Beamline.Arrays;
using Beamline.Compute.Gpu;
using Beamline.Compute.Simd;

namespace Beamline.Compute;

/// <summary>A device of this machine.</summary>
/// <param name="Device">How it is asked for.</param>
/// <param name="Name">What it is.</param>
/// <param name="MemoryBytes">Memory that it can use.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record DeviceInfo(Device Device, string Name, long MemoryBytes)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Device}: {Name}, {MemoryBytes / (double)(1L << 30):0.0} GiB";
}

/// <summary>The devices of this machine.</summary>
public static class ComputeDevices
{
    /// <summary>All devices, the CPU first.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var found = new List<DeviceInfo>
        {
            new(
                Device.Cpu,
                $"{Environment.ProcessorCount} threads, {VectorUnit.Name}",
                GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        };
        foreach (var (index, (name, bytes)) in GpuContext.CudaDevices.Index())
        {
            found.Add(new DeviceInfo(Device.Cuda(index), name, bytes));
        }

        return found;
    }

    /// <summary>The device that a request stands for: <c>auto</c> becomes the first GPU, or else the CPU.</summary>
    /// <param name="requested">What was asked for.</param>
    /// <exception cref="DeviceNotFoundException">A GPU was asked for that is not there.</exception>
    public static Device Resolve(Device requested)
    {
        if (requested.Kind == DeviceKind.Auto)
        {
            return GpuContext.CudaDevices.Count > 0 ? Device.Cuda() : Device.Cpu;
        }

        if (requested.Kind == DeviceKind.Cuda)
        {
            _ = GpuContext.Cuda(requested.Index);
        }

        return requested;
    }
}
