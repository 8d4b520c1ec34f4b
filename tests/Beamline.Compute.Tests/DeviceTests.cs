using Beamline.Compute.Gpu;

namespace Beamline.Compute.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("auto", DeviceKind.Auto, 0), InlineData("AUTO", DeviceKind.Auto, 0), InlineData(" cpu ", DeviceKind.Cpu, 0)]
    [InlineData("Cuda", DeviceKind.Cuda, 0), InlineData("cuda:0", DeviceKind.Cuda, 0), InlineData("CUDA:12", DeviceKind.Cuda, 12)]
    public void Names_are_read(string text, DeviceKind kind, int index) => Assert.Equal(new Device(kind, index), Device.Parse(text));

    [Theory]
    [InlineData(""), InlineData("gpu"), InlineData("cuda:"), InlineData("cuda:-1"), InlineData("cuda:+1"), InlineData("cuda: 1")]
    [InlineData("cuda:x"), InlineData("cuda:1.0"), InlineData("cuda1"), InlineData("cpu:0"), InlineData("cuda:99999999999")]
    public void Other_names_are_refused_with_the_list(string text)
    {
        var error = Assert.Throws<FormatException>(() => Device.Parse(text));
        Assert.Contains($"'{text}' is not a device", error.Message);
        Assert.Contains("auto, cpu, cuda and cuda:N", error.Message);
    }

    [Fact]
    public void No_name_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));

    [Fact]
    public void The_text_of_a_device_is_read_back()
    {
        foreach (var device in (Device[])[Device.Auto, Device.Cpu, Device.Cuda(), Device.Cuda(3)])
        {
            Assert.Equal(device, Device.Parse(device.ToString()));
        }

        Assert.Equal("cuda:3", Device.Cuda(3).ToString());
    }

    [Fact]
    public void The_CPU_is_always_there_and_first()
    {
        var cpu = ComputeDevices.List()[0];
        Assert.Equal(Device.Cpu, cpu.Device);
        Assert.True(cpu.MemoryBytes > 0);
        Assert.Contains($"{Environment.ProcessorCount} threads", cpu.Name);
        Assert.StartsWith("cpu: ", cpu.ToString());
        Assert.EndsWith("GiB", cpu.ToString());
        Assert.Equal(Device.Cpu, ComputeDevices.Resolve(Device.Cpu));
    }

    [Fact]
    public void Without_a_GPU_auto_is_the_CPU_and_cuda_is_refused_with_advice()
    {
        SkipWithGpu();
        Assert.Single(ComputeDevices.List());
        Assert.Equal(Device.Cpu, ComputeDevices.Resolve(Device.Auto));
        var error = Assert.Throws<DeviceNotFoundException>(() => ComputeDevices.Resolve(Device.Cuda()));
        Assert.Contains("cuda:0", error.Message);
        Assert.Contains(GpuLibraries.HasDriver ? "0 CUDA device" : "no NVIDIA driver", error.Message);
        Assert.Contains("--device cpu or --device auto", error.Message);
        Assert.Contains("beamline doctor", error.Message);
    }

    [Fact]
    public void With_a_GPU_auto_is_the_first_one()
    {
        Assert.SkipUnless(GpuContext.CudaDevices.Count > 0, "There is no CUDA device on this machine.");
        Assert.Equal(Device.Cuda(), ComputeDevices.Resolve(Device.Auto));
        Assert.Equal(Device.Cuda(), ComputeDevices.List()[1].Device);
    }

    [Theory]
    [InlineData(-1), InlineData(1000)]
    public void A_number_that_no_GPU_has_is_refused(int index) =>
        Assert.Contains($"cuda:{index}", Assert.Throws<DeviceNotFoundException>(() => ComputeDevices.Resolve(Device.Cuda(index))).Message);

    private static void SkipWithGpu() => Assert.SkipWhen(GpuContext.CudaDevices.Count > 0, "This machine has a CUDA device.");
}
