using System.Text.Json.Nodes;

namespace Beamline.Notebook;

/// <summary>What objects that live in a notebook (widgets, live viewers) can ask of it. Any thread may use it.</summary>
public interface INotebookHost
{
    /// <summary>
    /// True when a front end hears the comms of the calling code; false in a run without one, whose outputs are only saved.
    /// </summary>
    bool HasFrontEnd { get; }

    /// <summary>Opens a comm to a target in the front end.</summary>
    /// <param name="target">The name of the target.</param>
    /// <param name="data">What it starts with.</param>
    /// <param name="metadata">For instance a protocol version.</param>
    /// <param name="buffers">Bytes that travel beside the JSON.</param>
    INotebookComm OpenComm(
        string target, JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null);

    /// <summary>Lets front ends open comms of a name; a later call of the same name replaces the earlier one.</summary>
    /// <param name="target">The name.</param>
    /// <param name="opened">Called on the thread of comms; sets the handlers of the new comm.</param>
    void AddCommTarget(string target, Action<INotebookComm, CommMessage> opened);

    /// <summary>Shows a value in the output of the calling code.</summary>
    /// <param name="value">The value; null shows nothing.</param>
    /// <exception cref="InvalidOperationException">No cell or event handler is running.</exception>
    void Show(object? value);

    /// <summary>
    /// A place among the outputs of the calling code, for something that changes while it is looked at. Nothing is shown before the first
    /// <see cref="IDisplayHandle.Update"/>, which any thread may call, also when the cell has ended.
    /// </summary>
    /// <returns>The place; null where no cell runs.</returns>
    ILiveOutput? OpenOutput() => null;

    /// <summary>Runs something and takes what it prints, displays and throws, instead of letting the cell show it.</summary>
    /// <param name="action">What to run, on the calling thread.</param>
    /// <returns>The outputs as a notebook file has them (nbformat 4); an exception is the last of them.</returns>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    IReadOnlyList<JsonObject> Capture(Action action);

    /// <summary>Remembers the cell that runs now, to tell it later what went wrong in an event handler.</summary>
    /// <returns>Shows an exception below the outputs of that cell.</returns>
    Action<Exception> ErrorsOfThisCell();

    /// <summary>Something that the host can do, by its type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The object; null when the host has none.</returns>
    T? Service<T>()
        where T : class => null;

    /// <summary>An object that lives as long as the notebook's session; made when it is first asked for.</summary>
    /// <typeparam name="T">Its type; there is one of each.</typeparam>
    /// <param name="make">Makes it.</param>
    T Shared<T>(Func<INotebookHost, T> make)
        where T : class;
}
