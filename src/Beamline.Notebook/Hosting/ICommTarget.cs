namespace Beamline.Notebook;

/// <summary>A name that front ends can open comms to. An extension registers it with <see cref="IExtensionRegistry.AddCommTarget"/>.</summary>
public interface ICommTarget
{
    /// <summary>The name, for instance "beamline.viewer".</summary>
    string Name { get; }

    /// <summary>A front end can open comms from now on. Not called where there is none, as in a run without Jupyter.</summary>
    void Listening()
    {
    }

    /// <summary>A front end opened a comm. Called beside the cells; sets the comm's handlers.</summary>
    /// <param name="comm">The new comm.</param>
    /// <param name="content">What the front end said when it opened it.</param>
    void Opened(INotebookComm comm, CommMessage content);
}
