using Beamline.Arrays;
using System.Globalization;

namespace Beamline.Compute;

/// <summary>The kind of processor that a computation runs on.</summary>
public enum DeviceKind
{
    /// <summary>The first CUDA device that works, or else the CPU.</summary>
    Auto,

    /// <summary>The vector units of the CPU, on all cores.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>What a computation was asked to run on: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
/// <param name="Kind">The kind of processor.</param>
/// <param name="Index">Number of the GPU, counted from 0; 0 for other kinds.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public readonly record struct Device(DeviceKind Kind, int Index = 0)
{
    /// <summary>A GPU when there is one, or else the CPU.</summary>
    public static Device Auto => new(DeviceKind.Auto);

    /// <summary>The CPU.</summary>
    public static Device Cpu => new(DeviceKind.Cpu);

    /// <summary>A GPU.</summary>
    /// <param name="index">Its number, counted from 0.</param>
    public static Device Cuda(int index = 0) => new(DeviceKind.Cuda, index);

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <param name="text">The text, any case.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lower = text.Trim().ToLowerInvariant();
        return lower switch
        {
            "auto" => Auto,
            "cpu" => Cpu,
            "cuda" => Cuda(),
            _ when lower.StartsWith("cuda:", StringComparison.Ordinal) &&
                int.TryParse(lower.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                => Cuda(index),
            _ => throw new FormatException($"'{text}' is not a device. Devices are auto, cpu, cuda and cuda:N (N from 0)."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        DeviceKind.Auto => "auto",
        DeviceKind.Cpu => "cpu",
        _ => $"cuda:{Index}",
    };
}
