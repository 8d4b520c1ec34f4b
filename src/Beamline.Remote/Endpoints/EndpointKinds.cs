namespace Beamline.Remote;

/// <summary>What stands behind the kinds of endpoints' files.</summary>
internal static class EndpointKinds
{
    /// <summary>Checks what only the kind of endpoint knows.</summary>
    /// <exception cref="EndpointException">A field is wrong; the message names it.</exception>
    public static void Check(EndpointFile file)
    {
    }

    /// <summary>Opens the line to an endpoint. Nothing is sent yet.</summary>
    public static IEndpointConnection Open(EndpointFile file) => throw new EndpointException($"{file.Name}: endpoints of kind {file.Kind} are not there yet.");
}
