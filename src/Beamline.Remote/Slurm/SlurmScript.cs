using System.Text;

namespace Beamline.Remote.Slurm;

/// <summary>The lines of shell that start the worker of a job.</summary>
internal static class SlurmScript
{
    /// <summary>How a map is spread over the tasks of an array.</summary>
    /// <param name="Tasks">Number of tasks.</param>
    /// <param name="ItemsPerTask">Items of each, fewer for the last.</param>
    public readonly record struct Spread(int Tasks, int ItemsPerTask)
    {
        public static Spread Of(int items, int mostTasks)
        {
            var each = (items + mostTasks - 1) / mostTasks;
            return new Spread((items + each - 1) / each, each);
        }
    }

    /// <param name="settings">The endpoint.</param>
    /// <param name="job">The job.</param>
    /// <param name="folder">Its folder, as the nodes call it.</param>
    /// <param name="command">The words that start Beamline.</param>
    /// <param name="trust">The list of keys.</param>
    /// <param name="spread">Null for a job that is no map.</param>
    /// <param name="isStep">Whether the worker runs in a step of its own, because Slurm tells only those that the time is nearly up.</param>
    public static string Body(
        SlurmSettings settings, JobDescription job, string folder, IReadOnlyList<string> command, string trust, Spread? spread, bool isStep)
    {
        var text = new StringBuilder();
        text.Append("export BEAMLINE_JOB_DIR=").Append(Shell.Quote(folder)).Append('\n');
        // Slurm counts restarts from 0, and leaves the variable out before the first.
        text.Append("export BEAMLINE_ATTEMPT=$(( ${SLURM_RESTART_COUNT:-0} + 1 ))\n");
        foreach (var line in settings.Prologue)
        {
            text.Append(line).Append('\n');
        }

        text.Append("exec ");
        if (job.Resources.Tasks > 0)
        {
            IReadOnlyList<string> launcher = settings.Mpi == SlurmMpi.Srun
                ? ["srun", "--mpi=pmix", "--kill-on-bad-exit=1", .. settings.MpiOptions]
                : ["mpirun", "-n", job.Resources.Tasks.ToString(System.Globalization.CultureInfo.InvariantCulture), .. settings.MpiOptions];
            text.Append(Shell.Quote(launcher)).Append(' ');
        }

        List<string> words = [.. command, "worker", "--job", folder, "--store", settings.WorkFolder + "/store", "--trust", trust];
        if (settings.Policy is { } policy)
        {
            words.AddRange(["--policy", policy]);
        }

        if (job.Resources.Tasks == 0 && isStep)
        {
            text.Append("srun --nodes=1 --ntasks=1 --mpi=none ");
        }

        text.Append(Shell.Quote(words));
        if (spread is { } s)
        {
            var first = $"SLURM_ARRAY_TASK_ID * {s.ItemsPerTask}";
            var last = $"{first} + {s.ItemsPerTask - 1}";
            text.Append($" --items $(( {first} ))-$(( {last} < {job.Map!.Count - 1} ? {last} : {job.Map.Count - 1} ))");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Minutes as Slurm counts them: whole ones, never fewer than asked for.</summary>
    public static int? Minutes(TimeSpan? walltime) => walltime is { } time ? Math.Max(1, (int)Math.Ceiling(time.TotalMinutes)) : null;

    /// <summary>
    /// Only the script's own process, which is the worker by then, is told; srun hands a signal on to its tasks only when it comes from
    /// Slurm to the step (no B:). A short job is told at half of its time: with a notice as long as the job, Slurm would tell it to end as
    /// soon as it has started.
    /// </summary>
    public static string? Signal(SlurmSettings settings, JobDescription job, bool isStep)
    {
        var seconds = (int)settings.Notice.TotalSeconds;
        if (Minutes(job.Resources.Walltime) is { } minutes)
        {
            seconds = Math.Min(seconds, minutes * 30);
        }

        var isForSteps = isStep || (job.Resources.Tasks > 0 && settings.Mpi == SlurmMpi.Srun);
        return seconds < 1 ? null : $"{(isForSteps ? "" : "B:")}TERM@{seconds}";
    }
}
