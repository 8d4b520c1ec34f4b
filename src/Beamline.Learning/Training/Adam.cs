using TorchSharp;
using static TorchSharp.torch;

namespace Beamline.Learning;

/// <summary>
/// Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1; 0.9, 0.999, 1e-8). Our own because its moments go into checkpoints, from which a
/// training must go on to the last bit.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly List<(string Name, TorchSharp.Modules.Parameter Weight, Tensor First, Tensor Second)> _items;

    public Adam(nn.Module network)
    {
        using var none = no_grad();
        _items = [.. network.named_parameters().Select(p => (p.name, p.parameter, zeros_like(p.parameter).DetachFromDisposeScope(), zeros_like(p.parameter).DetachFromDisposeScope()))];
    }

    /// <summary>Steps that were taken.</summary>
    public int Step { get; private set; }

    /// <summary>Moves the weights along their gradients.</summary>
    public void Move(double learningRate)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Step++;
        var rate = learningRate / (1 - Math.Pow(Beta1, Step));
        var root = Math.Sqrt(1 - Math.Pow(Beta2, Step));
        foreach (var (_, weight, first, second) in _items)
        {
            if (weight.grad is { } gradient)
            {
                first.mul_(Beta1).add_(gradient, 1 - Beta1);
                second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
                weight.addcdiv_(first, (second.sqrt() / root).add_(Epsilon), -rate);
            }
        }
    }

    /// <summary>Shortens the gradient to a length; true when all of it is finite.</summary>
    public bool Clip(double longest)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _items.Select(i => i.Weight.grad).OfType<Tensor>().ToList();
        var length = Math.Sqrt(gradients.Sum(g => g.pow(2).sum().item<float>()));
        if (!double.IsFinite(length))
        {
            return false;
        }

        if (longest > 0 && length > longest)
        {
            foreach (var gradient in gradients)
            {
                gradient.mul_(longest / length);
            }
        }

        return true;
    }

    public void Save(Dictionary<string, NamedTensor> into)
    {
        foreach (var (name, _, first, second) in _items)
        {
            into[$"adam.first.{name}"] = Weights.Take(first);
            into[$"adam.second.{name}"] = Weights.Take(second);
        }
    }

    public void Load(IReadOnlyDictionary<string, NamedTensor> from, int step)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Step = step;
        foreach (var (name, _, first, second) in _items)
        {
            first.copy_(tensor(from[$"adam.first.{name}"].Values, first.shape));
            second.copy_(tensor(from[$"adam.second.{name}"].Values, second.shape));
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, first, second) in _items)
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
