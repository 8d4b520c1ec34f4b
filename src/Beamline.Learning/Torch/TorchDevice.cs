using Beamline.Compute;
using TorchSharp;

namespace Beamline.Learning;

/// <summary>Which processor networks run on.</summary>
internal static class TorchDevice
{
    /// <summary>What libtorch calls a device. <c>auto</c> is the first GPU that libtorch sees, or else the CPU.</summary>
    /// <param name="requested">What was asked for.</param>
    /// <exception cref="DeviceNotFoundException">A GPU was asked for that libtorch does not see.</exception>
    public static torch.Device For(Device requested)
    {
        if (requested.Kind == DeviceKind.Cpu)
        {
            return torch.CPU;
        }

        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (requested.Kind == DeviceKind.Auto)
        {
            return count > 0 ? torch.device(DeviceType.CUDA, 0) : torch.CPU;
        }

        return requested.Index < count
            ? torch.device(DeviceType.CUDA, requested.Index)
            : throw new DeviceNotFoundException(count > 0
                ? $"Networks were asked to run on {requested}, but libtorch sees {count} GPU(s): cuda:0 to cuda:{count - 1}."
                : $"Networks were asked to run on {requested}, but this is libtorch for {TorchPackage.Backend}" +
                    (TorchPackage.Backend == "cuda" ? ", which sees no GPU: 'nvidia-smi' tells whether the driver does. Choose --device cpu."
                        : ": build Beamline with -p:TorchBackend=cuda (docs/denoising.md), or choose --device cpu."));
    }
}
