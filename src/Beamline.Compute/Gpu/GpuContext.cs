using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace Beamline.Compute.Gpu;

/// <summary>The one ILGPU context of the process and its accelerators, made when first asked for.</summary>
internal static class GpuContext
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<Device, Accelerator> Made = [];
    private static Context? _context;

    /// <summary>Names and memory of the CUDA devices; empty without a driver.</summary>
    internal static IReadOnlyList<(string Name, long MemoryBytes)> CudaDevices
    {
        get
        {
            if (!GpuLibraries.HasDriver)
            {
                return [];
            }

            lock (Gate)
            {
                var found = new List<(string, long)>();
                foreach (var device in Shared().GetCudaDevices())
                {
                    found.Add((device.Name, device.MemorySize));
                }

                return found;
            }
        }
    }

    /// <summary>The accelerator of a CUDA device.</summary>
    /// <exception cref="DeviceNotFoundException">There is no such device.</exception>
    internal static Accelerator Cuda(int index)
    {
        var devices = CudaDevices;
        if ((uint)index >= (uint)devices.Count)
        {
            throw new DeviceNotFoundException(
                $"There is no device cuda:{index}: " +
                (GpuLibraries.HasDriver
                    ? $"the driver shows {devices.Count} CUDA device(s)."
                    : "no NVIDIA driver (libcuda) is installed.") +
                " Use --device cpu or --device auto; 'beamline doctor' lists what there is.");
        }

        lock (Gate)
        {
            var key = Device.Cuda(index);
            if (!Made.TryGetValue(key, out var accelerator))
            {
                accelerator = Shared().GetCudaDevices()[index].CreateAccelerator(Shared());
                Made.Add(key, accelerator);
            }

            return accelerator;
        }
    }

    /// <summary>ILGPU's simulator, with the warp of an NVIDIA GPU: slow, for tests of kernels at tiny sizes only.</summary>
    internal static Accelerator Simulator()
    {
        lock (Gate)
        {
            if (!Made.TryGetValue(Device.Cpu, out var accelerator))
            {
                accelerator = Shared().GetCPUDevice(0).CreateAccelerator(Shared());
                Made.Add(Device.Cpu, accelerator);
            }

            return accelerator;
        }
    }

    private static Context Shared()
    {
        if (_context is null)
        {
            GpuLibraries.Register();
            _context = Context.Create(builder =>
            {
                builder.CPU(CPUDeviceKind.Nvidia).EnableAlgorithms().Optimize(OptimizationLevel.O2);
                if (GpuLibraries.HasDriver)
                {
                    builder.Cuda();
                }
            });
        }

        return _context;
    }
}
