using Beamline.Compute;
using Beamline.Packages;
using TorchSharp;

namespace Beamline.Learning;

/// <summary>
/// libtorch for this process. It is no part of the build: the first use restores its package (490 MB) into NuGet's own folder of
/// this user, and every process loads it from there. Nothing is loaded before a network is trained or applied.
/// </summary>
public static class TorchRuntime
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? _description;

    /// <summary>Version of libtorch that is used.</summary>
    public static string Version => TorchPackage.Version;

    /// <summary>Whether the library is on this machine, so that loading it needs no network. Loads nothing.</summary>
    public static bool IsRestored => TorchPackage.IsRestored;

    /// <summary>Whether it is loaded in this process.</summary>
    public static bool IsLoaded => _description is not null;

    /// <summary>Restores the library where it is missing, without loading it.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TorchNotAvailableException">It cannot be had; the message says why and what to do.</exception>
    public static Task RestoreAsync(CancellationToken cancellationToken = default) => FindAsync(cancellationToken);

    /// <summary>Loads the library, restoring it first where it is missing. Does nothing the second time.</summary>
    /// <returns>What was loaded: version, device, threads.</returns>
    /// <exception cref="TorchNotAvailableException">It cannot be had or does not load; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">The work of the current <see cref="RunContext"/> was cancelled.</exception>
    public static string Load() => LoadAsync(RunContext.Current.CancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc cref="Load"/>
    /// <param name="cancellationToken">Stops the restore.</param>
    public static async Task<string> LoadAsync(CancellationToken cancellationToken = default)
    {
        if (_description is { } done)
        {
            return done;
        }

        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_description is null)
            {
                HugePages.Ask();
                NativeLibraries.Add(await FindAsync(cancellationToken).ConfigureAwait(false));
                NativeLibraries.Install();
                _description = Initialize();
            }

            return _description;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var context = RunContext.Current;
        return TorchPackage.RestoreAsync(
            () => context.Report("libtorch", 0, $"restoring {TorchPackage.Id} {Version}, {TorchPackage.Bytes / 1_000_000} MB, once for this user"), cancellationToken);
    }

    private static string Initialize()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            return $"libtorch {Version}, {(torch.cuda_is_available() ? "CUDA" : "CPU")}, {torch.get_num_threads()} threads";
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException)
        {
            throw new TorchNotAvailableException(
                $"libtorch {Version} was found but does not load: {exception.GetBaseException().Message.Trim()} It needs 64-bit glibc 2.28 or newer on Linux, " +
                "or the Visual C++ runtime on Windows; 'beamline doctor' shows what is there.",
                exception);
        }
    }
}
