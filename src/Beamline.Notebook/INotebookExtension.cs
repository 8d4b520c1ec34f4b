using System.Reflection;

namespace Beamline.Notebook;

/// <summary>Where an extension registers what it brings.</summary>
public interface IExtensionRegistry
{
    /// <summary>Adds a magic command.</summary>
    /// <param name="command">The command; its name must be new.</param>
    void AddCommand(IMagicCommand command);

    /// <summary>Adds a formatter; the last one added that accepts a type wins.</summary>
    /// <param name="formatter">The formatter.</param>
    void AddFormatter(IMimeFormatter formatter);

    /// <summary>Makes the public types of an assembly known to cells.</summary>
    /// <param name="assembly">The assembly.</param>
    void AddReference(Assembly assembly);

    /// <summary>Opens a namespace in every cell.</summary>
    /// <param name="name">The namespace.</param>
    void AddUsing(string name);

    /// <summary>Lets front ends open comms of a name. A host without front end may ignore it.</summary>
    /// <param name="target">The target; its name must be new.</param>
    void AddCommTarget(ICommTarget target)
    {
    }

    /// <summary>Adds an object that the host uses for what it can do. A host that knows no use for it ignores it.</summary>
    /// <param name="service">For instance an IJobFollower of Beamline.Compute, which shows how jobs go on.</param>
    void AddService(object service)
    {
    }
}

/// <summary>A library that adds commands, formatters and namespaces to a notebook.</summary>
public interface INotebookExtension
{
    /// <summary>A name to show.</summary>
    string Name { get; }

    /// <summary>Registers everything. Must be quick: no heavy library is loaded here.</summary>
    /// <param name="registry">Where to register.</param>
    void Register(IExtensionRegistry registry);
}

/// <summary>Names the extension class of an assembly, so that a host finds it.</summary>
/// <param name="extensionType">A class that implements <see cref="INotebookExtension"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NotebookExtensionAttribute(Type extensionType) : Attribute
{
    /// <summary>The extension class.</summary>
    public Type ExtensionType { get; } = extensionType;
}
