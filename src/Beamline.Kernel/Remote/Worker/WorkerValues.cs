using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The values of a job: inputs from the store or from where they lie, results into its folder.</summary>
/// <param name="folder">The job.</param>
/// <param name="store">Folder of the store; null for none.</param>
/// <param name="kernel">Knows codecs of extensions, and types that cells declared.</param>
internal sealed class WorkerValues(JobFolder folder, string? store, NotebookKernel kernel)
{
    private readonly ValueCodecs _codecs = new(kernel.Extensions.Services<IValueCodec>());
    private readonly ArrayStore? _store = store is null ? null : new ArrayStore(store);
    private readonly IArraySink _sink = folder.OutputSink(store is null ? null : new ArrayStore(store));

    /// <exception cref="EndpointException">It does not fit the type, or a file is missing.</exception>
    public object? Decode(JobValue value, Type type, CancellationToken cancellationToken) => _codecs.Decode(
        value, type, FileOf, new DecodeOptions { Map = true, FindType = kernel.Session.FindType, CancellationToken = cancellationToken });

    public JobValue Encode(string name, string typeName, Type type, object? value) => _codecs.EncodeOrProblem(name, typeName, type, value, _sink);

    private string FileOf(JobArray array) => array.Path ??
        (_store ?? throw new EndpointException("the worker was started without --store, where its data should lie")).PathOf(array.Sha256);
}
