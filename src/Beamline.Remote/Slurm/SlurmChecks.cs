using Beamline.Notebook;

namespace Beamline.Remote.Slurm;

/// <summary>What would make sbatch refuse a job, or leave it in the queue for ever, found before anything is sent.</summary>
internal static class SlurmChecks
{
    public static void Check(SlurmBatch batch, IReadOnlyList<SlurmPartition> partitions)
    {
        foreach (var (option, value) in new[] { ("partition", batch.Partition), ("account", batch.Account), ("qos", batch.Qos) })
        {
            if (value is not null && !SlurmFields.IsWord(value))
            {
                throw new EndpointException($"--{option} {JobNames.Shown(value)}: names of Slurm have letters, digits and . _ - only.");
            }
        }

        // Several can be named, and the one that starts first is taken.
        var names = batch.Partition?.Split(',') ?? [.. partitions.Where(p => p.IsDefault).Select(p => p.Name)];
        var found = new List<SlurmPartition>();
        foreach (var name in names)
        {
            found.Add(partitions.FirstOrDefault(p => p.Name == name) ?? throw new EndpointException(
                $"There is no partition '{name}'; there are {string.Join(", ", partitions.Select(p => p.Name))}.{Suggestion.DidYouMean(name, partitions.Select(p => p.Name))}"));
        }

        if (found.Count == 0)
        {
            return;
        }

        var all = string.Join(",", found.Select(p => p.Name));
        if (batch.Minutes is { } minutes && found.All(p => p.LongestTime is { } most && minutes > most.TotalMinutes))
        {
            var most = found.Max(p => p.LongestTime!.Value);
            var longer = partitions.Where(p => p.LongestTime is null || p.LongestTime.Value.TotalMinutes >= minutes).Select(p => p.Name).ToList();
            throw new EndpointException(
                $"--time {Time(TimeSpan.FromMinutes(minutes))} is longer than the partition {all} allows: {Time(most)} at most." +
                (longer.Count > 0 ? $" Longer ones may run in {string.Join(", ", longer)} (--partition)." : ""));
        }

        if (batch.Nodes > 0 && found.All(p => batch.Nodes > (p.MostNodes ?? int.MaxValue) || (p.Nodes > 0 && batch.Nodes > p.Nodes)))
        {
            throw new EndpointException(
                $"--nodes {batch.Nodes} is more than the partition {all} has or allows for one job: {found.Max(p => Math.Min(p.Nodes, p.MostNodes ?? p.Nodes))} at most.");
        }

        if (found.All(p => !p.IsUp))
        {
            throw new EndpointException($"The partition {all} takes no jobs now; an administrator has closed it. There are {string.Join(", ", partitions.Where(p => p.IsUp).Select(p => p.Name))}.");
        }
    }

    private static string Time(TimeSpan time) => time.TotalDays >= 1 ? $"{time.Days}-{time:hh\\:mm\\:ss}" : $"{time:hh\\:mm\\:ss}";
}
