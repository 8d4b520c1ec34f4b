using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>A kernel of this process on free ports, with a front end.</summary>
internal sealed class WireKernel : IDisposable
{
    public WireKernel(TimeSpan? patience = null, params INotebookExtension[] extensions)
    {
        Kernel = new JupyterKernel(ConnectionFile.NewLocal(), extensions, patience: patience);
        Kernel.Start();
        Client = new WireClient(Kernel.Connection);
    }

    public JupyterKernel Kernel { get; }

    public WireClient Client { get; }

    public CommManager Comms => Kernel.Notebook.Comms;

    public void Dispose()
    {
        Client.Dispose();
        Kernel.Dispose();
    }
}
