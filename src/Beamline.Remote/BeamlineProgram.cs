using System.Reflection;

namespace Beamline.Remote;

/// <summary>The program 'beamline' that belongs to this process.</summary>
internal static class BeamlineProgram
{
    /// <summary>Version of Beamline, for instance 0.1.0.</summary>
    public static string Version { get; } =
        typeof(BeamlineProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>For instance net10.0.</summary>
    public static string Framework { get; } = $"net{Environment.Version.Major}.{Environment.Version.Minor}";

    /// <summary>The command that starts it, without arguments. BEAMLINE_PROGRAM names another program, or another beamline.dll.</summary>
    public static IReadOnlyList<string> Command()
    {
        if (Environment.GetEnvironmentVariable("BEAMLINE_PROGRAM") is { Length: > 0 } other)
        {
            return other.EndsWith(".dll", StringComparison.Ordinal) ? [Dotnet(), other] : [other];
        }

        var host = Environment.ProcessPath;
        return host is not null && Path.GetFileNameWithoutExtension(host) == "beamline"
            ? [host]
            : [Dotnet(), Path.Combine(AppContext.BaseDirectory, "beamline.dll")];
    }

    private static string Dotnet()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host))
        {
            return host;
        }

        // The runtime of this process lies in ROOT/shared/Microsoft.NETCore.App/VERSION.
        var root = Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        var beside = Path.GetFullPath(Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }
}
