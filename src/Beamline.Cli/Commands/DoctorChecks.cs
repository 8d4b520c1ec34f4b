using System.Runtime.InteropServices;
using Beamline.Compute;
using Beamline.Data;
using Beamline.Display;
using Beamline.Kernel;
using Beamline.Learning;

namespace Beamline.Cli.Commands;

/// <summary>How a check came out.</summary>
internal enum CheckState
{
    /// <summary>There and working.</summary>
    Good,

    /// <summary>Not there; only some features need it.</summary>
    Optional,

    /// <summary>Not there; the main job needs it.</summary>
    Missing,
}

/// <summary>One thing that was looked for.</summary>
internal sealed record DoctorCheck(string Group, CheckState State, string Name, string Finding, string? Fix = null);

/// <summary>Everything that the doctor looks for.</summary>
internal static class DoctorChecks
{
    internal static IEnumerable<DoctorCheck> All()
    {
        foreach (var check in Devices().Concat(Libraries()).Concat(FrontEnds()).Concat(Places()))
        {
            yield return check;
        }
    }

    private static IEnumerable<DoctorCheck> Devices()
    {
        const string Group = "Devices";
        var devices = ComputeDevices.List();
        foreach (var device in devices)
        {
            yield return new DoctorCheck(Group, CheckState.Good, device.Device.ToString(), $"{device.Name}, {device.MemoryBytes / (double)(1L << 30):0.0} GiB");
        }

        if (devices.Count == 1)
        {
            yield return new DoctorCheck(
                Group, CheckState.Optional, "cuda", "no CUDA device (everything runs on the CPU)",
                "install the NVIDIA driver of your distribution, for instance: sudo apt-get install nvidia-driver");
        }
    }

    private static IEnumerable<DoctorCheck> Libraries()
    {
        const string Group = "Native libraries";
        yield return Drawing(Group);
        yield return Torch(Group);
        yield return Library(
            Group, "libcuda", "GPU computing", "comes with the NVIDIA driver", OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1"]);
        const string Use = "scans that are being written, SZIP, virtual datasets that grow; all else is read without it";
        yield return Hdf5Library.IsFound
            ? new DoctorCheck(Group, CheckState.Good, "libhdf5", $"{Hdf5Library.Description}: {Use}")
            : new DoctorCheck(Group, CheckState.Optional, "libhdf5", $"{Hdf5Library.Description} (for {Use})", Hdf5Library.InstallHint);
    }

    /// <summary>Loading takes a second: it is looked for, and loaded only where it is.</summary>
    private static DoctorCheck Torch(string group)
    {
        const string Use = "trains and applies denoising networks";
        if (!TorchRuntime.IsRestored)
        {
            return new DoctorCheck(group, CheckState.Optional, "libtorch", $"{TorchRuntime.Version} is not on this machine ({Use}); the first training restores 490 MB", "beamline doctor --fix torch");
        }

        try
        {
            return new DoctorCheck(group, CheckState.Good, "libtorch", $"{TorchRuntime.Load()} ({Use})");
        }
        catch (TorchNotAvailableException exception)
        {
            return new DoctorCheck(group, CheckState.Optional, "libtorch", exception.Message);
        }
    }

    private static DoctorCheck Drawing(string group)
    {
        try
        {
            var picture = new Arrays.Image(8, 8).View();
            return new DoctorCheck(group, CheckState.Good, "libSkiaSharp", $"draws pictures ({picture.Png.Length} bytes of PNG made)");
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            return new DoctorCheck(
                group, CheckState.Missing, "libSkiaSharp", $"pictures cannot be drawn: {e.GetBaseException().Message}",
                "dotnet build -c Release (the library comes with the packages)");
        }
    }

    private static DoctorCheck Library(string group, string name, string use, string fix, string[] files)
    {
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out var handle))
            {
                NativeLibrary.Free(handle);
                return new DoctorCheck(group, CheckState.Good, name, $"{file} ({use})");
            }
        }

        return new DoctorCheck(group, CheckState.Optional, name, $"not found ({use})", fix);
    }

    private static IEnumerable<DoctorCheck> FrontEnds()
    {
        const string Group = "Front ends";
        (string Program, string Use, string Fix)[] known =
        [
            ("jupyter", "Jupyter", "sudo apt-get install jupyter-core python3-nbconvert"),
            ("jupyter-lab", "JupyterLab", "pip install jupyterlab"),
            ("jupyter-notebook", "classic Notebook", "sudo apt-get install jupyter-notebook"),
            ("code", "Visual Studio Code", "install Visual Studio Code with its Jupyter extension"),
            ("quarto", "Quarto", "install from the Quarto project"),
        ];
        foreach (var (program, use, fix) in known)
        {
            yield return OnPath(program) is { } path
                ? new DoctorCheck(Group, CheckState.Good, use, path)
                : new DoctorCheck(Group, CheckState.Optional, use, "not found; 'beamline run' works without", fix);
        }

        var specs = KernelSpecInstaller.Find();
        if (specs.Count == 0)
        {
            yield return new DoctorCheck(
                Group, CheckState.Optional, "kernel 'beamline'", "not installed; front ends cannot see it", "beamline kernel install --user");
        }

        foreach (var spec in specs)
        {
            yield return new DoctorCheck(Group, CheckState.Good, "kernel 'beamline'", spec);
        }
    }

    private static IEnumerable<DoctorCheck> Places()
    {
        const string Group = "Scratch space";
        var folder = Path.GetTempPath();
        var free = 0L;
        string? problem = null;
        try
        {
            free = new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = e.Message;
        }

        yield return problem is null
            ? new DoctorCheck(Group, free < 1L << 30 ? CheckState.Missing : CheckState.Good, folder, $"{free / (double)(1L << 30):0.0} GiB free for volumes beyond the memory limit",
                free < 1L << 30 ? "set TMPDIR to a folder on a disk with room" : null)
            : new DoctorCheck(Group, CheckState.Missing, folder, problem, "set TMPDIR to a folder that can be written");
    }

    internal static string? OnPath(string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(File.Exists);
    }
}
