using System.Globalization;
using System.Text.RegularExpressions;

namespace Beamline.Remote.Slurm;

/// <summary>Reads what scontrol, sacct and jobcomp write.</summary>
internal static partial class ScontrolText
{
    /// <summary>The fields of a line of "scontrol -o"; values may have blanks in them.</summary>
    public static Dictionary<string, string> Fields(string line)
    {
        var fields = new Dictionary<string, string>();
        var starts = FieldStart().Matches(line);
        for (var i = 0; i < starts.Count; i++)
        {
            var from = starts[i].Index + starts[i].Length;
            var to = i + 1 < starts.Count ? starts[i + 1].Index : line.Length;
            // The first of a name is the right one for the number of the job, which comes before all that users can choose.
            fields.TryAdd(starts[i].Groups[1].Value, line[from..to].Trim());
        }

        return fields;
    }

    /// <summary>A line of "scontrol -o show job" or of jobcomp/filetxt; null for one that is none.</summary>
    public static SlurmJob? Job(string line)
    {
        var fields = Fields(line);
        if (!long.TryParse(fields.GetValueOrDefault("JobId"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ||
            fields.GetValueOrDefault("JobState") is not { Length: > 0 } state)
        {
            return null;
        }

        var (code, signal) = ExitCode(fields.GetValueOrDefault("ExitCode"));
        return new SlurmJob(id, State(state))
        {
            ArrayId = Number(fields.GetValueOrDefault("ArrayJobId")) ?? id,
            Tasks = fields.GetValueOrDefault("ArrayTaskId"),
            Name = fields.GetValueOrDefault("JobName") ?? fields.GetValueOrDefault("Name") ?? "",
            User = (fields.GetValueOrDefault("UserId") ?? "").Split('(')[0],
            Reason = None(fields.GetValueOrDefault("Reason")),
            ExitCode = code,
            Signal = signal,
            Restarts = (int)(Number(fields.GetValueOrDefault("Restarts")) ?? 0),
            Nodes = None(fields.GetValueOrDefault("NodeList")),
            RunTime = Duration(fields.GetValueOrDefault("RunTime")),
            TimeLimit = Duration(fields.GetValueOrDefault("TimeLimit")),
        };
    }

    /// <summary>Lines of jobcomp/filetxt. A job that was put back into the queue has a line for each of its ends; the last one counts.</summary>
    public static IReadOnlyList<SlurmJob> Completed(IEnumerable<string> lines, IReadOnlyCollection<long> ids) =>
        [.. lines.Select(Job).OfType<SlurmJob>().Where(j => ids.Contains(j.ArrayId)).GroupBy(j => (j.Name, j.User, j.Id, j.Tasks)).Select(g => g.Last())];

    /// <summary>A line of "sacct -P -n -X -o JobID,JobName,User,State,ExitCode,Reason,NodeList"; null for one that is none.</summary>
    public static SlurmJob? Accounted(string line)
    {
        if (line.Split('|') is not [var number, var name, var user, var state, var exit, var reason, var nodes, ..])
        {
            return null;
        }

        // 12, 12_3, or 12_[4-9%2] for tasks that never started.
        var (first, tasks) = number.Split('_') is [var a, var b] ? (a, b.Trim('[', ']')) : (number, null);
        if (Number(first) is not { } id)
        {
            return null;
        }

        var (code, signal) = ExitCode(exit);
        var words = state.Split(' ');
        return new SlurmJob(id, State(words[0]))
        {
            ArrayId = id,
            Tasks = tasks,
            Name = name,
            User = user,
            Reason = None(reason),
            ExitCode = code,
            Signal = signal,
            Nodes = nodes == "None assigned" ? "" : None(nodes),
            CancelledBy = words is [_, "by", var who] ? who : null,
        };
    }

    public static SlurmPartition? Partition(string line)
    {
        var fields = Fields(line);
        return fields.GetValueOrDefault("PartitionName") is not { } name ? null : new SlurmPartition(
            name,
            fields.GetValueOrDefault("Default") == "YES",
            fields.GetValueOrDefault("State") == "UP",
            Duration(fields.GetValueOrDefault("MaxTime")),
            (int)(Number(fields.GetValueOrDefault("TotalNodes")) ?? 0),
            (int?)Number(fields.GetValueOrDefault("MaxNodes")));
    }

    public static SlurmNode? Node(string line)
    {
        var fields = Fields(line);
        return fields.GetValueOrDefault("NodeName") is { } name
            ? new SlurmNode(name, None(fields.GetValueOrDefault("Gres")), None(fields.GetValueOrDefault("Partitions")).Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;
    }

    /// <summary>"d-hh:mm:ss", "hh:mm:ss" or "mm:ss"; null for UNLIMITED, INVALID and the like.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (text is null || DurationPattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        return new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"));

        int Part(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>A state without what newer versions put behind it, such as "COMPLETED+" or "RUNNING by".</summary>
    private static string State(string text) => new([.. text.TakeWhile(c => char.IsAsciiLetterUpper(c) || c == '_')]);

    private static (int Code, int Signal) ExitCode(string? text) => text?.Split(':') is [var code, var signal]
        ? ((int)(Number(code) ?? 0), (int)(Number(signal) ?? 0))
        : (0, 0);

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string None(string? text) => text is null or "None" or "(null)" or "N/A" ? "" : text;

    [GeneratedRegex(@"(?:^| )([A-Z][A-Za-z_/:]*)=")]
    private static partial Regex FieldStart();

    [GeneratedRegex(@"^(?:(?<d>\d+)-)?(?:(?<h>\d+):)?(?<m>\d+):(?<s>\d+)\z")]
    private static partial Regex DurationPattern();
}
