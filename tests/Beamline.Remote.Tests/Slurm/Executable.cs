namespace Beamline.Remote.Tests.Slurm;

internal static class Executable
{
    public static void Make(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Scripts of shell do not run on Windows.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
