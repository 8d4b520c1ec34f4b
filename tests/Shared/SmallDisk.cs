using System.Diagnostics;

namespace Beamline.Tests;

/// <summary>A disk that is quickly full: a tmpfs of some MB. Needs root and Linux, or skips the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-disk-").FullName;

    /// <param name="megabytes">Its size.</param>
    public SmallDisk(int megabytes = 1)
    {
        Root = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        var problem = OperatingSystem.IsLinux() ? Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Root) : "not Linux";
        if (problem is not null)
        {
            Directory.Delete(_folder, recursive: true);
            Assert.Skip($"A full disk needs a tmpfs, and mounting one needs root on Linux: {problem}");
        }
    }

    public string Root { get; }

    public void Dispose()
    {
        Run("umount", "-l", Root);
        Directory.Delete(_folder, recursive: true);
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
