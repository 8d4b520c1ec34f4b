using System.Reflection;

namespace Beamline.Remote;

/// <summary>Versions of a program that sends or runs cells.</summary>
/// <param name="Beamline">Version of Beamline.</param>
/// <param name="Framework">For instance net10.0.</param>
/// <param name="Runtime">For instance 10.0.12.</param>
internal sealed record SenderVersion(string Beamline, string Framework, string Runtime)
{
    public static SenderVersion Own { get; } = new(
        typeof(SenderVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        $"net{Environment.Version.Major}.{Environment.Version.Minor}",
        Environment.Version.ToString(3));

    /// <summary>Compares with an endpoint.</summary>
    /// <returns>A warning; null when all is the same.</returns>
    /// <exception cref="EndpointException">Cells of this program do not run there; the message has the command that helps.</exception>
    public string? Check(EndpointInfo there)
    {
        if (there.Framework != Framework)
        {
            throw new EndpointException(
                $"{there.Name} runs .NET {there.Runtime} ({there.Framework}), this notebook .NET {Runtime} ({Framework}): cells compiled here do not run there. " +
                $"Install the same framework on {there.Host}, for instance: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel {Framework[3..]} ; then start the endpoint anew.");
        }

        if (Major(there.Beamline) != Major(Beamline))
        {
            throw new EndpointException(
                $"{there.Name} runs Beamline {there.Beamline}, this notebook {Beamline}: their jobs differ. On {there.Host} run: dotnet tool update --global beamline --version {Beamline} ; then start the endpoint anew.");
        }

        return there.Runtime != Runtime
            ? $"{there.Name} runs .NET {there.Runtime}, this notebook {Runtime}: results can differ in their last bits."
            : there.Beamline != Beamline
                ? $"{there.Name} runs Beamline {there.Beamline}, this notebook {Beamline}: results can differ."
                : null;
    }

    private static string Major(string version) => version.Split('.', '-')[0];
}
