using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Collects what extensions bring.</summary>
internal sealed class ExtensionRegistry : IExtensionRegistry
{
    private readonly Dictionary<string, IMagicCommand> _commands = new(StringComparer.Ordinal);

    public IReadOnlyList<IMagicCommand> Commands => [.. _commands.Values];

    public List<IMimeFormatter> Formatters { get; } = [];

    public List<Assembly> References { get; } = [];

    public List<string> Usings { get; } = [];

    public List<ICommTarget> CommTargets { get; } = [];

    public List<object> Services { get; } = [];

    /// <summary>Takes over all of what another registry holds, or nothing.</summary>
    public void AddAll(ExtensionRegistry other)
    {
        foreach (var command in other.Commands)
        {
            EnsureNew(command);
        }

        foreach (var command in other.Commands)
        {
            AddCommand(command);
        }

        Formatters.AddRange(other.Formatters);
        References.AddRange(other.References);
        Usings.AddRange(other.Usings);
        CommTargets.AddRange(other.CommTargets);
        Services.AddRange(other.Services);
    }

    public void AddCommand(IMagicCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        EnsureNew(command);
        _commands.Add(command.Descriptor.Name, command);
    }

    public void AddFormatter(IMimeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Formatters.Add(formatter);
    }

    public void AddReference(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        References.Add(assembly);
    }

    public void AddUsing(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Usings.Add(name);
    }

    public void AddCommTarget(ICommTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        CommTargets.Add(target);
    }

    public void AddService(object service)
    {
        ArgumentNullException.ThrowIfNull(service);
        Services.Add(service);
    }

    private void EnsureNew(IMagicCommand command)
    {
        if (_commands.TryGetValue(command.Descriptor.Name, out var other))
        {
            throw new InvalidOperationException(
                $"Two magic commands are named #!{command.Descriptor.Name}: {other.GetType().FullName} and {command.GetType().FullName}.");
        }
    }
}
