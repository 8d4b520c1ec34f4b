using Beamline.Compute.Simd;

namespace Beamline.Compute;

/// <summary>What a device is, in words that are the same on every machine built of the same parts.</summary>
internal static class DeviceName
{
    private static readonly Lazy<string> Processor = new(ReadProcessor);

    internal static string Of(Device device) => device.Kind == DeviceKind.Cuda
        ? ComputeDevices.List().FirstOrDefault(d => d.Device == device)?.Name ?? device.ToString()
        : $"{Processor.Value}, {VectorUnit.Name}";

    private static string ReadProcessor()
    {
        try
        {
            if (File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            {
                return line.Split(':', 2)[1].Trim();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only Linux has it.
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }
}
