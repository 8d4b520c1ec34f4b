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

    public void AddCommand(IMagicCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!_commands.TryAdd(command.Descriptor.Name, command))
        {
            throw new InvalidOperationException(
                $"Two magic commands are named #!{command.Descriptor.Name}: " +
                $"{_commands[command.Descriptor.Name].GetType().FullName} and {command.GetType().FullName}.");
        }
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
}
