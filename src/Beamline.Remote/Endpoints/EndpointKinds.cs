using Beamline.Remote.Slurm;

namespace Beamline.Remote;

/// <summary>What stands behind the kinds of endpoints' files.</summary>
internal static class EndpointKinds
{
    /// <summary>Checks what only the kind of endpoint knows.</summary>
    /// <exception cref="EndpointException">A field is wrong; the message names it.</exception>
    public static void Check(EndpointFile file)
    {
        switch (file.Kind)
        {
            case "slurm":
                SlurmSettings.Parse(file.OfKind());
                break;
            case "http":
                try
                {
                    EndpointAddress.Parse(file.Text("url")!);
                }
                catch (EndpointException e)
                {
                    throw new EndpointException($"the field url: {e.Message}", e);
                }

                break;
        }
    }

    /// <summary>Opens the line to an endpoint. Nothing is sent yet.</summary>
    /// <exception cref="EndpointException">What its file names is not there, for instance the token.</exception>
    public static IEndpointConnection Open(EndpointFile file) => file.Kind switch
    {
        "slurm" => new SlurmEndpointConnection(file.Name, SlurmSettings.Parse(file.OfKind())),
        "http" => new HttpEndpointConnection(file.Name, new HttpEndpointOptions(EndpointAddress.Parse(file.Text("url")!), file.Token() ?? throw new EndpointException(
            $"{file.Name}: no token is named. Name a file with it (tokenFile) or an environment variable (tokenVariable) in {file.Path}."))
        {
            CertificateFile = file.PathOf("certificateFile"),
        }),
        _ => new DeferredConnection(file.Name, stop => LocalEndpoint.ConnectAsync(startIfNeeded: true, stop)),
    };
}
