using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary>What jobs may ask for, as options of magic commands.</summary>
internal static class JobParameters
{
    public static IReadOnlyList<MagicParameter> Resources { get; } =
    [
        new("nodes", MagicValueKind.Integer, "Nodes."),
        new("tasks", MagicValueKind.Integer, "Processes that run the cell together by MPI, each with a rank."),
        new("cpus-per-task", MagicValueKind.Integer, "Cores of each process."),
        new("gpus", MagicValueKind.Integer, "GPUs."),
        new("memory", MagicValueKind.Text, "Memory of each node with its unit, for instance 64GiB."),
        new("time", MagicValueKind.Text, "Longest time that it may run, as hh:mm:ss or d-hh:mm:ss."),
        new("partition", MagicValueKind.Text, "Partition of the batch system."),
        new("account", MagicValueKind.Text, "Account that is charged."),
        new("qos", MagicValueKind.Text, "Quality of service."),
        new("requeue", MagicValueKind.Flag, "Start it again when its node died or it was preempted; what it did is then done twice."),
    ];

    public static RemoteOptions Read(MagicArguments arguments, string command) => new()
    {
        Nodes = Count(arguments, "nodes", command),
        Tasks = Count(arguments, "tasks", command),
        CpusPerTask = Count(arguments, "cpus-per-task", command),
        Gpus = Count(arguments, "gpus", command),
        MemoryBytes = arguments.Text("memory") is { } memory
            ? EndpointText.Memory(memory) ?? throw new MagicException($"#!{command}: --memory cannot be '{memory}': give a size with its unit, for instance 64GiB.")
            : 0,
        Walltime = arguments.Text("time") is { } time
            ? EndpointText.Walltime(time) ?? throw new MagicException($"#!{command}: --time cannot be '{time}': give hh:mm:ss, for instance 00:10:00 for ten minutes.")
            : null,
        Partition = arguments.Text("partition"),
        Account = arguments.Text("account"),
        Qos = arguments.Text("qos"),
        MayRequeue = arguments.Flag("requeue"),
    };

    /// <summary>A whole number from 1, or 0 when it was not given.</summary>
    public static int Count(MagicArguments arguments, string option, string command) => arguments.Integer(option) switch
    {
        null => 0,
        { } count and > 0 => count,
        { } count => throw new MagicException($"#!{command}: --{option} is {count}; it must be at least 1."),
    };
}
