using System.Security.Cryptography;
using Beamline.Compute;

namespace Beamline.Learning;

/// <content>Networks of other programs.</content>
public sealed partial class Denoiser
{
    /// <summary>The TorchScript file that it runs; null for networks of Beamline.</summary>
    internal byte[]? Script { get; private init; }

    /// <summary>
    /// Takes a whole model of another program: a TorchScript file, written in PyTorch by <c>torch.jit.save(torch.jit.script(model), path)</c> or
    /// after <c>torch.jit.trace</c>. It is applied on the CPU, not trained. A process of its own tries it first, and measures what the file does
    /// not say: the multiple that edges must have, how far a pixel is felt, memory.
    /// </summary>
    /// <remarks>What is in such a file runs as a program: take it only from whom you trust.</remarks>
    /// <param name="path">The file.</param>
    /// <param name="scale">Value that is 1 for the network, in units of the data: values are divided by it before, and multiplied after.</param>
    /// <param name="inputChannels">Images that go in together: 1, or an odd number of neighboring views of which the middle one is denoised.</param>
    /// <param name="reachPixels">Pixels in any direction from which a pixel of the result can change; null measures it on random images. Tiles overlap by that.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no TorchScript, or not a module that makes one image of what goes in; the message says why.</exception>
    /// <exception cref="TorchNotAvailableException">libtorch cannot be had.</exception>
    public static Denoiser ImportTorchScript(string path, double scale, int inputChannels = 1, int? reachPixels = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        if (inputChannels is < 1 or > 15 || inputChannels % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(inputChannels), inputChannels, "An odd number of images from 1 to 15 goes in, the middle one is denoised.");
        }

        if (reachPixels is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(reachPixels), reachPixels, "The reach is 0 or more pixels.");
        }

        var bytes = File.ReadAllBytes(path);
        TorchRuntime.RestoreAsync(RunContext.Current.CancellationToken).GetAwaiter().GetResult();
        var facts = TorchScriptProbe.Ask(Path.GetFullPath(path), inputChannels, reachPixels);
        var name = Path.GetFileName(path);
        return new Denoiser(
            new DenoiserNetwork { Name = $"TorchScript {name}", Kind = NetworkKind.TorchScript, Widths = [], InputChannels = inputChannels, Script = facts },
            scale,
            new Dictionary<string, NamedTensor>(),
            null,
            new Dictionary<string, string>
            {
                ["imported from"] = name,
                ["file sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                ["reach"] = reachPixels is null ? "measured on random images" : "given",
            }) { Script = bytes };
    }
}
