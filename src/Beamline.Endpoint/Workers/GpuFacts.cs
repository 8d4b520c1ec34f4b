using System.Diagnostics;

namespace Beamline.Endpoint;

/// <summary>Which GPUs this machine has: by the driver's own program, else by the devices that the driver made.</summary>
/// <param name="program">nvidia-smi.</param>
/// <param name="devices">/dev.</param>
internal sealed class GpuFacts(string program = "nvidia-smi", string devices = "/dev")
{
    /// <summary>A driver that hangs must not keep anybody from the rest.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Names, one for each GPU; empty for none.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var named = (await ListAsync()).Split('\n').Select(Name).OfType<string>().ToArray();
        return named.Length > 0 || !Directory.Exists(devices) ? named
            : [.. Directory.EnumerateFileSystemEntries(devices, "nvidia*").Select(p => Path.GetFileName(p))
                .Where(n => n.Length > 6 && n.AsSpan(6).IndexOfAnyExceptInRange('0', '9') < 0).Order(StringComparer.Ordinal)];
    }

    /// <summary>Of "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-...)".</summary>
    private static string? Name(string line) =>
        line.StartsWith("GPU ", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon
            ? line[(colon + 2)..].Split(" (UUID")[0].Trim()
            : null;

    private async Task<string> ListAsync()
    {
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, ["-L"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var longest = new CancellationTokenSource(Longest);
            _ = process.StandardError.ReadToEndAsync(longest.Token);
            var text = await process.StandardOutput.ReadToEndAsync(longest.Token);
            await process.WaitForExitAsync(longest.Token);
            return process.ExitCode == 0 ? text : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program.
            return "";
        }
        catch (OperationCanceledException)
        {
            process?.Kill(entireProcessTree: true);
            return "";
        }
        finally
        {
            process?.Dispose();
        }
    }
}
