using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>What runs the cells of a notebook, chosen and started, with the parameters put in.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    private readonly NotebookKernel? _own;
    private readonly OtherKernel? _other;

    private RunHost(ICellExecutor executor, NotebookKernel? own, OtherKernel? other) =>
        (Executor, _own, _other) = (executor, own, other);

    public ICellExecutor Executor { get; }

    public static async Task<RunHost> StartAsync(
        RunOptions options,
        RunPaths paths,
        NotebookDocument document,
        IReadOnlyDictionary<string, ParameterValue> values,
        IReadOnlyList<INotebookExtension> extensions,
        DisplayIndex displays,
        IRunReporter reporter,
        CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(paths.Notebook);
        if (options.KernelName is { } kernelName && kernelName != KernelMetadata.KernelName)
        {
            var spec = InstalledKernel.Find(kernelName);
            PythonParameters.Inject(document, values, spec.Language, name);
            var other = await OtherKernel.StartAsync(spec, paths.WorkingFolder, options, cancellationToken).ConfigureAwait(false);
            return new RunHost(new OtherKernelExecutor(other, displays), null, other);
        }

        try
        {
            document.EnsureCSharp(name);
        }
        catch (NotebookFormatException exception) when (KernelNameOf(document) is { } its)
        {
            throw new RunInputException($"{exception.Message} Here: add --kernel {its}.", exception);
        }

        var own = new NotebookKernel(extensions);
        try
        {
            own.Packages.NotebookFolder = Path.GetDirectoryName(paths.Notebook);
            own.Packages.Lock = PackageLock.From(document.Metadata, name);
            own.Packages.IsLocked = options.Locked;
            ParameterInjector.Inject(document, values, own.Session, paths.CallerFolder, name);
            return new RunHost(new InProcessExecutor(own, displays, reporter), own, null);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Adds what the metadata miss about the kernel.</summary>
    public void CompleteMetadata(NotebookDocument document)
    {
        if (_other is null)
        {
            KernelMetadata.Complete(document);
            return;
        }

        // The kernel that ran is what the outputs belong to, whatever the notebook named before.
        document.Metadata["kernelspec"] = _other.Spec.Metadata();
        document.Metadata["language_info"] = _other.LanguageInfo.DeepClone();
    }

    /// <summary>Records the packages that cells used in the notebook's metadata, unless those recorded were enforced.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="isWhole">False when the run ended early and has not seen all cells: what the lock says about the others stays.</param>
    public void RecordPackages(NotebookDocument document, bool isWhole)
    {
        if (_own?.Packages is { IsLocked: false } packages)
        {
            var used = PackageLock.Of(packages.Packages);
            (isWhole ? used : packages.Lock.With(used)).WriteTo(document.Metadata);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _own?.Dispose();
        if (_other is not null)
        {
            await _other.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static string? KernelNameOf(NotebookDocument document) =>
        (document.Metadata["kernelspec"] as JsonObject)?["name"] is JsonValue value && value.TryGetValue<string>(out var name) &&
        name != KernelMetadata.KernelName
            ? name : null;
}
