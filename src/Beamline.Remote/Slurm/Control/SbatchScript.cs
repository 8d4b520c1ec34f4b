using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Beamline.Remote.Slurm;

/// <summary>Writes a job as a script with lines of #SBATCH, which "sbatch FILE" can start by hand as well.</summary>
internal static partial class SbatchScript
{
    // A login shell: 'module' and what the user's profile sets are there, whatever the environment of the sender was.
    public const string FirstLine = "#!/bin/bash -l\n";

    public static string Write(SlurmBatch batch)
    {
        var text = new StringBuilder(FirstLine);
        foreach (var (name, value) in Options(batch))
        {
            text.Append("#SBATCH --").Append(name);
            if (value is not null)
            {
                text.Append('=').Append(Quote(value));
            }

            text.Append('\n');
        }

        return text.Append('\n').Append(batch.Body).ToString();
    }

    private static IEnumerable<(string Name, string? Value)> Options(SlurmBatch b)
    {
        yield return ("job-name", b.Name);
        yield return ("chdir", b.Folder);
        yield return ("output", b.Output);
        yield return ("open-mode", "append");
        if (b.Nodes > 0)
        {
            yield return ("nodes", Text(b.Nodes));
        }

        if (b.Tasks > 0)
        {
            yield return ("ntasks", Text(b.Tasks));
        }

        if (b.CpusPerTask > 0)
        {
            yield return ("cpus-per-task", Text(b.CpusPerTask));
        }

        if (b.Gpus > 0)
        {
            yield return ("gpus", Text(b.Gpus));
        }

        if (b.MemoryMegabytes > 0)
        {
            yield return ("mem", Text(b.MemoryMegabytes) + "M");
        }

        if (b.Minutes is { } minutes)
        {
            yield return ("time", Text(minutes));
        }

        foreach (var (name, value) in new[] { ("partition", b.Partition), ("account", b.Account), ("qos", b.Qos), ("signal", b.Signal) })
        {
            if (value is not null)
            {
                yield return (name, value);
            }
        }

        yield return (b.MayRequeue ? "requeue" : "no-requeue", null);
        if (b.After.Count > 0)
        {
            yield return ("dependency", Dependency(b));
            yield return ("kill-on-invalid-dep", "yes");
        }

        if (b.ArrayTasks > 0)
        {
            yield return ("array", Array(b));
        }

        foreach (var extra in b.Extra)
        {
            yield return extra;
        }
    }

    public static string Dependency(SlurmBatch batch) => "afterok:" + string.Join(':', batch.After.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    public static string Array(SlurmBatch batch) => $"0-{batch.ArrayTasks - 1}{(batch.Throttle > 0 ? $"%{batch.Throttle}" : "")}";

    /// <summary>A value as the lines of #SBATCH have it: bare, or in double quotes.</summary>
    private static string Quote(string value)
    {
        if (value.Any(char.IsControl))
        {
            throw new EndpointException($"\"{value.ReplaceLineEndings(" ")}\" has a line break or another control character in it, which an option of sbatch cannot have.");
        }

        return Bare().IsMatch(value) ? value : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z0-9_./:,@%+=-]+\z")]
    private static partial Regex Bare();
}
