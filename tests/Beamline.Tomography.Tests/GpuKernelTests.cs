using System.Reflection;
using Beamline.Tomography.Operators;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Beamline.Tomography.Tests;

/// <summary>Every kernel must compile for a real GPU, also on a machine without one.</summary>
public sealed class GpuKernelTests
{
    /// <summary>Every static method of the library whose first parameter is a thread's index.</summary>
    public static TheoryData<Type, string> Kernels => [.. typeof(IlgpuKernels).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters() is [{ ParameterType.Name: nameof(Index1D) }, ..])
        .Select(m => new TheoryDataRow<Type, string>(m.DeclaringType!, m.Name))];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernels_compile_to_PTX_offline(Type type, string name)
    {
        using var context = Context.Create(builder => builder.EnableAlgorithms().Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_88, null!);
        var kernel = type.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        var entry = EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
        var compiled = Assert.IsType<PTXCompiledKernel>(backend.Compile(entry, KernelSpecialization.Empty), exactMatch: false);
        Assert.Contains(".entry", compiled.PTXAssembly, StringComparison.Ordinal);
        Assert.Contains("ld.global.f32", compiled.PTXAssembly, StringComparison.Ordinal);
        Assert.Contains("st.global.f32", compiled.PTXAssembly, StringComparison.Ordinal);
    }

    [Fact]
    public void All_kernels_are_found() => Assert.InRange(Kernels.Count, 7, 100);
}
