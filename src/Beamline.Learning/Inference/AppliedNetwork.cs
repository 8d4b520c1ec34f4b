using Beamline.Compute;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>A network that is ready to be applied: with its weights, on its device, in the order of memory that is quickest there.</summary>
internal sealed class AppliedNetwork : IDisposable
{
    private readonly IDisposable _owner;
    private readonly Func<Tensor, Tensor> _forward;
    private readonly torch.Device _device;

    private AppliedNetwork(IDisposable owner, Func<Tensor, Tensor> forward, torch.Device device) => (_owner, _forward, _device) = (owner, forward, device);

    /// <exception cref="DeviceNotFoundException">The context asks for a GPU that libtorch does not have.</exception>
    /// <exception cref="InvalidOperationException">Half precision was asked for on the CPU.</exception>
    public static AppliedNetwork Create(Denoiser denoiser, IReadOnlyDictionary<string, NamedTensor> weights, RunContext context)
    {
        if (denoiser.Script is { } script)
        {
            var module = jit.load<Tensor, Tensor>(script);
            module.eval();
            return new AppliedNetwork(module, module.forward, CPU);
        }

        var device = TorchDevice.For(context.Device);
        if (denoiser.IsHalfPrecision && device.type == DeviceType.CPU)
        {
            throw new InvalidOperationException(
                "Half precision is for a GPU: on the CPU it is slower than single precision and only coarser. Apply the denoiser itself, or choose a GPU (RunContext.Device, --device cuda).");
        }

        return Create(denoiser.Network, weights, device, denoiser.IsHalfPrecision);
    }

    /// <summary>A network of ours on a device; tests try half precision on the CPU.</summary>
    internal static AppliedNetwork Create(DenoiserNetwork network, IReadOnlyDictionary<string, NamedTensor> weights, torch.Device device, bool isHalf)
    {
        var module = NetworkFactory.Create(network, 0);
        try
        {
            Weights.Put(module, weights, "this denoiser");
            module.eval();
            module.to(device);
            if (isHalf)
            {
                module.to(ScalarType.Float16);
            }

            return new AppliedNetwork(module, module.call, device);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Runs a batch [image, channel, row, column] of 32-bit floats.</summary>
    public Tensor Call(Tensor input)
    {
        // With the channels innermost a convolution of oneDNN reads and writes as it computes, and turns nothing over before and after.
        var x = _device.type == DeviceType.CPU ? Blocks.ChannelsLast(input) : input.to(_device);
        return _forward(x).to(ScalarType.Float32).cpu();
    }

    public void Dispose() => _owner.Dispose();
}
