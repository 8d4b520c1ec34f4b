using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>What the file of an endpoint of the kind "slurm" says. docs/remote.md describes each field.</summary>
internal sealed record SlurmSettings
{
    /// <summary>Folder for jobs and arrays on the file system that the nodes share, as the nodes call it.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>How the batch system is reached.</summary>
    public SlurmVia Via { get; init; } = new();

    public string? Partition { get; init; }

    public string? Account { get; init; }

    public string? Qos { get; init; }

    /// <summary>More options of sbatch for each job, for instance "--constraint=a100".</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>The words that start Beamline on a node; null for the program that runs here, where the nodes have it, too.</summary>
    public IReadOnlyList<string>? BeamlineCommand { get; init; }

    /// <summary>Lines of shell before it, for instance "module load dotnet/10".</summary>
    public IReadOnlyList<string> Prologue { get; init; } = [];

    /// <summary>What starts the processes of a job with several: "srun" (with PMIx) or "mpirun".</summary>
    public SlurmMpi Mpi { get; init; }

    /// <summary>More words for it, for instance "--cpu-bind=cores".</summary>
    public IReadOnlyList<string> MpiOptions { get; init; } = [];

    /// <summary>How long before the end of its time a job is told to save its state.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most tasks of one array; a map of more items gives each task several.</summary>
    public int ArrayTasks { get; init; } = 100;

    /// <summary>A list of trusted keys, which the worker checks; null for one in <see cref="WorkFolder"/> that has the senders' own keys.</summary>
    public string? Trust { get; init; }

    /// <summary>Rules for jobs, which the worker checks; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>What is kept in <see cref="WorkFolder"/> when somebody has old jobs removed: nobody does that by himself.</summary>
    public KeepRules Keep { get; init; } = KeepRules.Of(KeepRules.UsualDays, KeepRules.UsualBytes);

    /// <summary>How long a shared file system may take to show what a node wrote last.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the fields of an endpoint's file.</summary>
    /// <param name="file">The whole file; "name", "kind" and "$schema" are others' business.</param>
    /// <exception cref="EndpointException">A field is missing, unknown or wrong; the message names it.</exception>
    public static SlurmSettings Parse(JsonObject file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var fields = new SlurmFields(file, "");
        var settings = new SlurmSettings
        {
            WorkFolder = fields.Folder("workFolder"),
            Via = fields.Part("via") is { } via ? SlurmVia.Parse(via) : new SlurmVia(),
            Partition = fields.Word("partition"),
            Account = fields.Word("account"),
            Qos = fields.Word("qos"),
            Extra = fields.Lines("extra") ?? [],
            BeamlineCommand = fields.Lines("beamlineCommand"),
            Prologue = fields.Lines("prologue") ?? [],
            Mpi = fields.Choice("mpi", ("srun", SlurmMpi.Srun), ("mpirun", SlurmMpi.Mpirun)),
            MpiOptions = fields.Lines("mpiOptions") ?? [],
            Notice = TimeSpan.FromSeconds(fields.Number("notice", 60, 0, 3600)),
            ArrayTasks = (int)fields.Number("arrayTasks", 100, 1, 1_000_000),
            Trust = fields.Text("trust"),
            Policy = fields.Text("policy"),
            Keep = KeepRules.Of(fields.Number("keepDays", KeepRules.UsualDays, 0, 36_500), Size(fields, "keepSize") ?? KeepRules.UsualBytes),
            Grace = TimeSpan.FromSeconds(fields.Number("grace", 10, 0, 600)),
        };
        fields.NothingElse("name", "kind", "$schema", "description");
        SlurmExtra.Check(settings.Extra, "the field extra");
        if (settings.BeamlineCommand is { Count: 0 })
        {
            throw new EndpointException("The field beamlineCommand is empty. Leave it out, or give the words that start Beamline on a node, for instance [\"dotnet\", \"/shared/beamline/beamline.dll\"].");
        }

        if (settings.Via.Kind == SlurmViaKind.Ssh && settings.BeamlineCommand is null)
        {
            throw new EndpointException("The field beamlineCommand is missing: over ssh nobody knows where the cluster has Beamline. Give, for instance, [\"dotnet\", \"/scratch/me/beamline/beamline.dll\"].");
        }

        return settings;
    }

    private static long? Size(SlurmFields fields, string name) => fields.Text(name) is not { } text ? null
        : EndpointText.Memory(text) ?? throw new EndpointException($"The field {name} is \"{text}\": a size with its unit, for instance \"100 GiB\".");
}

/// <summary>What starts the processes of one job.</summary>
internal enum SlurmMpi
{
    Srun,
    Mpirun,
}
