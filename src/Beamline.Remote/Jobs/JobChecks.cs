namespace Beamline.Remote;

/// <summary>What must be true of a job whatever wrote it. Nothing here is looked up: a job that passes is well-formed, not welcome.</summary>
internal static class JobChecks
{
    private const int MostAxes = 32;

    /// <summary>Checks a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="what">What errors call it.</param>
    /// <exception cref="EndpointException">A field has a value that cannot be.</exception>
    public static void Check(JobDescription job, string what)
    {
        Demand(job.Schema == JobDescription.CurrentSchema, what, "schema", $"must be {JobDescription.CurrentSchema}");
        Demand(JobNames.IsHex(job.Id, 32), what, "id", "has 32 hexadecimal digits");
        Demand(job.Nonce.Length is >= 16 and <= 128 && job.Nonce.All(char.IsAsciiLetterOrDigit), what, "nonce", "has 16 to 128 letters and digits");
        Demand(job.Expires > job.Created, what, "expires", "must be later than 'created'");
        CheckResources(job.Resources, what);
        for (var i = 0; i < job.Prelude.Count; i++)
        {
            NotNull(job.Prelude[i], what, $"prelude[{i}]");
            foreach (var name in job.Prelude[i].Inputs)
            {
                Demand(job.Inputs.Any(v => v?.Name == name), what, $"prelude[{i}].inputs", $"names {JobNames.Shown(name)}, which is no input");
            }
        }

        CheckNames(job.Inputs.Select(v => v?.Name), what, "inputs");
        CheckNames(job.Outputs.Select(v => v?.Name), what, "outputs");
        for (var i = 0; i < job.Inputs.Count; i++)
        {
            Check(job.Inputs[i], what, $"inputs[{i}]");
        }

        for (var i = 0; i < job.Packages.Count; i++)
        {
            NotNull(job.Packages[i], what, $"packages[{i}]");
            Demand(job.Packages[i].Id.Length is > 0 and <= 100 && job.Packages[i].Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'), what, $"packages[{i}].id", "is no name of a package");
        }

        Demand(!job.Usings.Contains(null!), what, "usings", "has null");
        Demand(job.Folder is not { } folder || IsFullPath(folder), what, "folder", "is a full path");
        if (job.Map is { } map)
        {
            Demand(map.Count >= 0, what, "map.count", "is 0 or more");
            Demand(map.Throttle >= 0 && map.Retries is >= 0 and <= 1000, what, "map", "has a throttle of 0 or more and at most 1000 retries");
            Demand(JobNames.IsVariable(map.Function) && JobNames.IsVariable(map.Name), what, "map", "needs names of C# for its item and its function");
            Demand(job.Inputs.Any(v => v.Name == map.Items), what, "map.items", $"names {JobNames.Shown(map.Items)}, which is no input");
        }
    }

    /// <summary>Checks a value, for instance one that comes back from an endpoint.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What errors call the file.</param>
    /// <param name="field">Its place in it.</param>
    /// <exception cref="EndpointException">A field has a value that cannot be.</exception>
    public static void Check(JobValue value, string what, string field)
    {
        NotNull(value, what, field);
        Demand(value.Codec.Length is > 0 and <= 64, what, field + ".codec", "has 1 to 64 letters");
        for (var i = 0; i < value.Arrays.Count; i++)
        {
            Check(value.Arrays[i], what, $"{field}.arrays[{i}]");
        }
    }

    /// <summary>Checks what is said of a file.</summary>
    /// <inheritdoc cref="Check(JobValue, string, string)"/>
    public static void Check(JobArray array, string what, string field)
    {
        NotNull(array, what, field);
        Demand(array.DType.Length is > 0 and <= 16, what, field + ".dType", "has 1 to 16 letters");
        Demand(array.Shape.Count <= MostAxes && array.Shape.All(n => n >= 0), what, field + ".shape", $"has at most {MostAxes} axes, none below 0");
        Demand(array.Bytes >= 0, what, field + ".bytes", "is 0 or more");
        Demand(JobNames.IsHex(array.Sha256, 64), what, field + ".sha256", "has 64 hexadecimal digits in lower case");
        Demand(array.Path is not { } path || IsFullPath(path), what, field + ".path", "is a full path");
    }

    private static bool IsFullPath(string path) => Path.IsPathRooted(path) && path.Length <= 4096 && !path.Contains('\0', StringComparison.Ordinal);

    private static void CheckResources(JobResources wanted, string what)
    {
        Demand(wanted.Nodes >= 0 && wanted.Tasks >= 0 && wanted.CpusPerTask >= 0 && wanted.Gpus >= 0 && wanted.MemoryBytes >= 0, what, "resources", "has numbers of 0 or more");
        Demand(wanted.Walltime is not { } time || time > TimeSpan.Zero, what, "resources.walltime", "is longer than nothing");
        Demand(wanted.After.All(id => JobNames.IsHex(id, 32)), what, "resources.after", "has identifiers of jobs");
        Demand(!wanted.Extra.Contains(null!), what, "resources.extra", "has null");
    }

    private static void CheckNames(IEnumerable<string?> names, string what, string field)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            Demand(JobNames.IsVariable(name), what, field, $"has the name {JobNames.Shown(name)}, which no variable of C# has");
            Demand(seen.Add(name!), what, field, $"has the name {JobNames.Shown(name)} twice");
        }
    }

    private static void NotNull(object? value, string what, string field) => Demand(value is not null, what, field, "must not be null");

    private static void Demand(bool isTrue, string what, string field, string must)
    {
        if (!isTrue)
        {
            throw new EndpointException($"{what}, field '{field}': it {must}.");
        }
    }
}
