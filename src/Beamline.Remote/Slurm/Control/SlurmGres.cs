using System.Globalization;
using System.Text.RegularExpressions;

namespace Beamline.Remote.Slurm;

/// <summary>A node of a cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gres">Its devices as Slurm writes them, for instance "gpu:a100:4(S:0-1),nvme:1".</param>
/// <param name="Partitions">The partitions that it is in.</param>
internal sealed record SlurmNode(string Name, string Gres, IReadOnlyList<string> Partitions);

/// <summary>Reads which GPUs nodes have.</summary>
internal static partial class SlurmGres
{
    /// <summary>One line for each kind of GPU, for instance "a100: 8 on 2 nodes".</summary>
    public static IReadOnlyList<string> Gpus(IEnumerable<SlurmNode> nodes) =>
    [
        .. nodes.SelectMany(node => Gpu().Matches(node.Gres).Select(m => (
                Kind: m.Groups["kind"] is { Success: true, Value: var kind } ? kind : "GPU",
                Count: m.Groups["count"] is { Success: true, Value: var count } ? int.Parse(count, CultureInfo.InvariantCulture) : 1)))
            .Where(g => g.Count > 0)
            .GroupBy(g => g.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}: {g.Sum(n => n.Count)} on {(g.Count() == 1 ? "1 node" : $"{g.Count()} nodes")}"),
    ];

    // gpu, gpu:4, gpu:a100, gpu:a100:4, each with (S:0-1) or the like behind.
    [GeneratedRegex(@"(?<=^|,)gpu(?::(?<kind>[A-Za-z_][^:,(]*))?(?::(?<count>\d+))?(?=[,(]|$)")]
    private static partial Regex Gpu();
}
