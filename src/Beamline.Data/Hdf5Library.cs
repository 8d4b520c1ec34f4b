using Beamline.Data.Hdf5.Native;

namespace Beamline.Data;

/// <summary>
/// The HDF5 library of The HDF Group (libhdf5), which Beamline does not need but uses when the machine has it: to follow files that are
/// being written, and for SZIP, virtual datasets that grow or convert types, and filters that come as plug-ins. The environment variable
/// BEAMLINE_LIBHDF5 names the file to take, or "none".
/// </summary>
public static class Hdf5Library
{
    /// <summary>Whether a library was found that can be used: version 1.10.5 or later.</summary>
    public static bool IsFound => LibHdf5.Functions is not null;

    /// <summary>Version and file, for instance "1.10.8 (libhdf5_serial.so.103)"; or why there is none.</summary>
    public static string Description => IsFound ? $"{LibHdf5.Version} ({LibHdf5.File})" : LibHdf5.Problem;

    /// <summary>How to install it.</summary>
    public static string InstallHint => LibHdf5.HowToInstall;
}
