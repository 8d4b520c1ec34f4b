using System.Diagnostics;

namespace Beamline.Data.Tests;

/// <summary>Runs Python with h5py, the independent reference for HDF5 and npy; skips the test where it is not installed.</summary>
internal static class H5py
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<bool> Installed = new(() => File.Exists(Python) && Execute("import h5py, numpy", []).Code == 0);

    /// <summary>Runs a script in which h5py and numpy (np) are imported; gives what it printed.</summary>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipUnless(Installed.Value, "h5py is not installed: apt-get install python3-h5py");
        var (code, output, errors) = Execute("import sys, h5py, numpy as np\n" + script, arguments);
        Assert.True(code == 0, errors);
        return output.Trim();
    }

    private static (int Code, string Output, string Errors) Execute(string script, string[] arguments)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
