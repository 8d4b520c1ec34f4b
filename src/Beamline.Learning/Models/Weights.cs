using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Moves weights between networks and plain arrays.</summary>
internal static class Weights
{
    /// <summary>Everything that a network holds: weights and running statistics.</summary>
    public static Dictionary<string, NamedTensor> Take(Module<Tensor, Tensor> network)
    {
        using var scope = NewDisposeScope();
        return network.state_dict().ToDictionary(e => e.Key, e => Take(e.Value));
    }

    /// <summary>Values of a tensor.</summary>
    public static NamedTensor Take(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return new NamedTensor([.. tensor.shape], tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray());
    }

    /// <summary>Puts them back.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, left over, or of another shape.</exception>
    public static void Put(Module<Tensor, Tensor> network, IReadOnlyDictionary<string, NamedTensor> values, string source)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var state = network.state_dict();
        var missing = state.Keys.Where(k => !values.ContainsKey(k)).ToList();
        var extra = values.Keys.Where(k => !state.ContainsKey(k)).ToList();
        if (missing.Count + extra.Count > 0)
        {
            throw new InvalidDataException(
                $"The weights of {source} are those of another network: " +
                (missing.Count > 0 ? $"it lacks {string.Join(", ", missing.Take(3))}{(missing.Count > 3 ? $" and {missing.Count - 3} more" : "")}" : "") +
                (missing.Count > 0 && extra.Count > 0 ? ", and " : "") +
                (extra.Count > 0 ? $"it has {string.Join(", ", extra.Take(3))}{(extra.Count > 3 ? $" and {extra.Count - 3} more" : "")}" : "") + ".");
        }

        foreach (var (name, into) in state)
        {
            var from = values[name];
            if (!into.shape.SequenceEqual(from.Shape))
            {
                throw new InvalidDataException(
                    $"{name} of {source} is [{string.Join(", ", from.Shape)}], the network needs [{string.Join(", ", into.shape)}]: other widths or another number of input channels.");
            }

            into.copy_(tensor(from.Values, from.Shape.ToArray()));
        }
    }
}
