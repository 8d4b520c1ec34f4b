using Beamline.Compute.Gpu;
using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Compute.Tests;

/// <summary>Public, because the simulator compiles kernels into an assembly of its own.</summary>
public static class TestKernels
{
    /// <summary>values[i] = factor * i, and the sum of all in total.</summary>
    public static void Scale(Index1D i, ArrayView<int> values, ArrayView<int> total, int factor)
    {
        values[i] = factor * i;
        Atomic.Add(ref total[0], values[i]);
    }
}

public sealed class GpuContextTests
{
    [Fact]
    public void The_simulator_runs_a_kernel() => RunScale(GpuContext.Simulator());

    [Fact]
    public void The_simulator_has_the_warp_of_an_NVIDIA_GPU_and_is_made_once()
    {
        // Kernels are written for warps of 32; ILGPU's default simulator has 4 and would hide mistakes.
        Assert.Equal(32, GpuContext.Simulator().WarpSize);
        Assert.Same(GpuContext.Simulator(), GpuContext.Simulator());
    }

    [Fact]
    public void A_GPU_runs_a_kernel()
    {
        Assert.SkipUnless(GpuContext.CudaDevices.Count > 0, "There is no CUDA device on this machine.");
        RunScale(GpuContext.Cuda(0));
        Assert.Same(GpuContext.Cuda(0), GpuContext.Cuda(0));
    }

    private static void RunScale(Accelerator accelerator)
    {
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<int>, int>(TestKernels.Scale);
        using var values = accelerator.Allocate1D<int>(100);
        using var total = accelerator.Allocate1D<int>(1);
        total.MemSetToZero();
        kernel(100, values.View, total.View, 3);
        accelerator.Synchronize();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => 3 * i), values.GetAsArray1D());
        Assert.Equal(3 * 4950, total.GetAsArray1D()[0]);
    }
}
