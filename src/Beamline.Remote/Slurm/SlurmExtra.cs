namespace Beamline.Remote.Slurm;

/// <summary>Options of sbatch that users write themselves.</summary>
internal static class SlurmExtra
{
    /// <summary>What this endpoint sets itself, with the reason why nobody else may.</summary>
    private static readonly Dictionary<string, string> Ours = new()
    {
        ["array"] = "a map makes its own array",
        ["chdir"] = "a job runs in its folder",
        ["output"] = "the folder of the job has its output",
        ["error"] = "the folder of the job has its output",
        ["job-name"] = "jobs are found again by their names",
        ["signal"] = "the worker is told to save its state by the field notice",
        ["export"] = "a job gets a clean environment; use the field prologue",
        ["parsable"] = "it is set already",
        ["wrap"] = "the job has a script",
        ["dependency"] = "use --after",
        ["wait"] = "nobody waits for sbatch",
        ["test-only"] = "the job would not run",
    };

    /// <summary>Takes each apart: name without dashes, and value or null.</summary>
    /// <exception cref="EndpointException">One is no long option of one line, or sets what only the endpoint may set.</exception>
    public static IReadOnlyList<(string Name, string? Value)> Check(IReadOnlyList<string> lines, string where)
    {
        var options = new List<(string, string?)>();
        foreach (var line in lines)
        {
            if (line.Any(char.IsControl))
            {
                throw new EndpointException($"In {where} an option has a line break or another control character in it. Each option is one line, for instance --constraint=a100.");
            }

            var (name, value) = line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (line[..at], line[(at + 1)..]) : (line, null);
            if (!name.StartsWith("--", StringComparison.Ordinal) || name.Length < 3 || !name[2..].All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            {
                throw new EndpointException($"In {where} stands \"{line}\". Options are written as --name or --name=value, for instance --constraint=a100.");
            }

            // sbatch takes beginnings of names, too: --out is --output.
            var bare = name[2..];
            if (Ours.Keys.FirstOrDefault(k => k == bare || (bare.Length > 1 && k.StartsWith(bare, StringComparison.Ordinal))) is { } own)
            {
                throw new EndpointException($"In {where} stands \"{line}\", which a job may not set: {Ours[own]}.");
            }

            options.Add((bare, value));
        }

        return options;
    }
}
