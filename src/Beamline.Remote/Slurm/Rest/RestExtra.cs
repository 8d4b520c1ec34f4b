using System.Globalization;
using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>Options of sbatch that users write, as fields of a submission: slurmrestd reads no #SBATCH lines.</summary>
internal static class RestExtra
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["constraint"] = "constraints",
        ["reservation"] = "reservation",
        ["licenses"] = "licenses",
        ["comment"] = "comment",
        ["wckey"] = "wckey",
        ["mail-user"] = "mail_user",
    };

    private static readonly Dictionary<string, string> Numbers = new()
    {
        ["nice"] = "nice",
        ["ntasks-per-node"] = "tasks_per_node",
        ["mem-per-cpu"] = "memory_per_cpu",
        ["mincpus"] = "minimum_cpus_per_node",
    };

    public static void Add(JsonObject job, IReadOnlyList<(string Name, string? Value)> extra)
    {
        foreach (var (name, value) in extra)
        {
            if (Texts.TryGetValue(name, out var field) && value is not null)
            {
                job[field] = value;
            }
            else if (Numbers.TryGetValue(name, out field))
            {
                job[field] = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new EndpointException($"--{name}={value}: over slurmrestd this is a whole number{(name == "mem-per-cpu" ? " of MB" : "")}.");
            }
            else if (name == "hold" && value is null)
            {
                job["hold"] = true;
            }
            else
            {
                throw new EndpointException(
                    $"--{name} cannot be given over slurmrestd. There are --{string.Join(", --", Texts.Keys.Concat(Numbers.Keys).Append("hold"))}; " +
                    "for all of sbatch set the endpoint's field via to cli or ssh.");
            }
        }
    }
}
