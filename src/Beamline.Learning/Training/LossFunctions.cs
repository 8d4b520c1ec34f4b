using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>The losses of <see cref="TrainingLoss"/>.</summary>
internal static class LossFunctions
{
    private const int Window = 11;

    /// <param name="kind">Which one.</param>
    /// <param name="output">What the network gave, in units of the scale.</param>
    /// <param name="target">What it is held against.</param>
    /// <param name="scale">Line integral that 1 stands for.</param>
    public static Tensor Compute(TrainingLoss kind, Tensor output, Tensor target, double scale) => kind switch
    {
        TrainingLoss.MeanSquare => functional.mse_loss(output, target),
        TrainingLoss.MeanAbsolute => functional.l1_loss(output, target),
        TrainingLoss.StructuralSimilarity => (1 - Similarity(output, target)) + (0.1 * functional.l1_loss(output, target)),

        // -log Poisson(N e^-t | N e^-p) / N, without what does not depend on p.
        TrainingLoss.Poisson => (exp(output * -scale) + (exp(target * -scale) * (output * scale))).mean(),
        _ => throw new ArgumentException($"There is no loss {kind}."),
    };

    /// <summary>Mean structural similarity (Wang et al. 2004) over windows inside the image, for values that span about 1.</summary>
    internal static Tensor Similarity(Tensor a, Tensor b)
    {
        const double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;
        var window = Gaussian(a);
        Tensor Blur(Tensor x) => functional.conv2d(x, window);
        var (ma, mb) = (Blur(a), Blur(b));
        var (va, vb, cov) = (Blur(a * a) - (ma * ma), Blur(b * b) - (mb * mb), Blur(a * b) - (ma * mb));
        return (((2 * ma * mb) + C1) * ((2 * cov) + C2) / (((ma * ma) + (mb * mb) + C1) * (va + vb + C2))).mean();
    }

    private static Tensor Gaussian(Tensor like)
    {
        var line = exp((arange(Window, dtype: ScalarType.Float32, device: like.device) - (Window / 2)).pow(2) / (-2 * 1.5 * 1.5));
        var square = line.unsqueeze(0) * line.unsqueeze(1);
        return (square / square.sum()).reshape(1, 1, Window, Window);
    }
}
