using System.Reflection;
using Beamline.Tomography.Operators;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Beamline.Tomography.Tests;

/// <summary>Every kernel must compile for a real GPU, also on a machine without one.</summary>
public sealed class GpuKernelTests
{
    [Theory]
    [InlineData(nameof(IlgpuKernels.Backproject))]
    [InlineData(nameof(IlgpuKernels.Forward))]
    public void Kernels_compile_to_PTX_offline(string name)
    {
        using var context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_88, null!);
        var kernel = typeof(IlgpuKernels).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
        var compiled = Assert.IsType<PTXCompiledKernel>(backend.Compile(entry, KernelSpecialization.Empty), exactMatch: false);
        Assert.Contains(".entry", compiled.PTXAssembly, StringComparison.Ordinal);
        Assert.Contains("ld.global.f32", compiled.PTXAssembly, StringComparison.Ordinal);
        Assert.Contains("st.global.f32", compiled.PTXAssembly, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kernel_is_in_the_theory_above()
    {
        var kernels = typeof(IlgpuKernels).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => m.GetParameters() is [{ ParameterType.Name: nameof(Index1D) }, ..]).Select(m => m.Name).Order();
        Assert.Equal([nameof(IlgpuKernels.Backproject), nameof(IlgpuKernels.Forward)], kernels);
    }
}
