using System.Reflection;
using Beamline.Notebook;

namespace Beamline.Extension.Tests;

/// <summary>What the extension registers.</summary>
internal sealed class Registered : IExtensionRegistry
{
    public static Registered Instance { get; } = Make();

    public List<IMagicCommand> Commands { get; } = [];

    public List<IMimeFormatter> Formatters { get; } = [];

    public List<Assembly> References { get; } = [];

    public List<string> Usings { get; } = [];

    /// <summary>The formatter that a host picks for a type: the last one that accepts it.</summary>
    public IMimeFormatter FormatterOf(Type type) => Formatters.Last(f => f.CanFormat(type));

    public void AddCommand(IMagicCommand command) => Commands.Add(command);

    public void AddFormatter(IMimeFormatter formatter) => Formatters.Add(formatter);

    public void AddReference(Assembly assembly) => References.Add(assembly);

    public void AddUsing(string name) => Usings.Add(name);

    private static Registered Make()
    {
        var made = new Registered();
        new BeamlineExtension().Register(made);
        return made;
    }
}
