namespace Beamline.Remote;

/// <summary>Reads what a job names.</summary>
internal static class JobNeeds
{
    /// <summary>Adds what a job names to what is known of it.</summary>
    /// <param name="facts">The job.</param>
    /// <param name="job">What was sent; null when it cannot be read any more: then it names nothing, because nobody can run it.</param>
    /// <param name="outputs">Its results; null for none.</param>
    /// <param name="jobs">Folder of all jobs, as the job's own paths call it.</param>
    public static JobFacts With(this JobFacts facts, JobDescription? job, IEnumerable<JobValue>? outputs, string jobs)
    {
        var arrays = (job?.Inputs ?? []).Concat(outputs ?? []).SelectMany(v => v.Arrays).ToArray();
        var root = jobs.TrimEnd('/') + "/";
        return facts with
        {
            Arrays = [.. arrays.Select(a => a.Sha256).Distinct(StringComparer.Ordinal)],
            Needs =
            [
                // A result of another job, read where it lies.
                .. arrays.Select(a => a.Path).OfType<string>().Where(p => p.StartsWith(root, StringComparison.Ordinal)).Select(p => p[root.Length..].Split('/')[0]),
                // How an earlier one ended is asked until this one has begun.
                .. facts.IsFinal ? [] : job?.Resources.After ?? [],
            ],
        };
    }
}
