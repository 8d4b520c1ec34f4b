using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Writes into a notebook's metadata, under beamline.run, how its outputs came about: versions, device, limits, times. The
/// machine is not named. While a run goes on the state is "running" with the number of the cell, so that a notebook whose
/// process died says where.
/// </summary>
internal sealed class RunProvenance
{
    private readonly JsonObject _run;

    public RunProvenance(NotebookDocument document, RunOptions options)
    {
        _run = new JsonObject
        {
            ["beamline"] = Version,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["sdk"] = NewestSdk(),
            ["os"] = RuntimeInformation.OSDescription,
            ["rid"] = RuntimeInformation.RuntimeIdentifier,
            ["kernel"] = options.KernelName ?? KernelMetadata.KernelName,
            ["device"] = DeviceText(options.Device),
            ["memory_limit"] = options.MemoryLimitBytes,
            ["started"] = Time(DateTimeOffset.UtcNow),
            ["state"] = "running",
        };
        if (document.Metadata["beamline"] is not JsonObject section)
        {
            document.Metadata["beamline"] = section = [];
        }

        section["run"] = _run;
    }

    private static string Version =>
        typeof(RunProvenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>A cell starts.</summary>
    public void At(int cell) => _run["cell"] = cell;

    /// <summary>The run is over.</summary>
    public void End(RunEnd end, TimeSpan duration)
    {
        _run.Remove("cell");
        _run["state"] = "finished";
        _run["exit_code"] = end.ExitCode;
        _run["seconds"] = Math.Round(duration.TotalSeconds, 3);
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string DeviceText(Device requested)
    {
        try
        {
            var device = ComputeDevices.Resolve(requested);
            var info = ComputeDevices.List().FirstOrDefault(d => d.Device == device);
            return info is null ? device.ToString() : $"{device} ({info.Name})";
        }
        catch (DeviceNotFoundException)
        {
            // Cells that need it will say so.
            return $"{requested} (not there)";
        }
    }

    /// <summary>The newest SDK beside the runtime, by the names of its folders; null when there is only a runtime.</summary>
    private static string? NewestSdk()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var folder = Path.Combine(root, "sdk");
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!)
                .Where(name => System.Version.TryParse(name.Split('-')[0], out _))
                .MaxBy(name => System.Version.Parse(name.Split('-')[0]))
            : null;
    }
}
