using System.Diagnostics;

namespace Beamline.Endpoint.Tests;

/// <summary>A disk that is quickly full: a tmpfs of some MB. Needs root and Linux, or skips the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallDisk(int megabytes)
    {
        Root = Directory.CreateDirectory(_folder.File("disk")).FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Root) is { } problem)
        {
            _folder.Dispose();
            Assert.Skip($"A full disk needs a tmpfs, and mounting one needs root on Linux: {problem}");
        }
    }

    public string Root { get; }

    public void Dispose()
    {
        Run("umount", "-l", Root);
        _folder.Dispose();
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
