using System.Net;

namespace Beamline.Remote;

/// <summary>Where the service of an endpoint listens: unix:/path/of/socket, http://127.0.0.1:port or https://host:port.</summary>
internal sealed record EndpointAddress
{
    private EndpointAddress(string text, string? socket, Uri root) => (Text, Socket, Root) = (text, socket, root);

    /// <summary>As it is written in files.</summary>
    public string Text { get; }

    /// <summary>Path of the socket; null for TCP.</summary>
    public string? Socket { get; }

    /// <summary>What requests are sent to.</summary>
    public Uri Root { get; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="EndpointException">It is none, or it would send a token over the network without TLS.</exception>
    public static EndpointAddress Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = text["unix:".Length..];
            return Path.IsPathRooted(path)
                ? new EndpointAddress(text, path, new Uri("http://localhost/"))
                : throw new EndpointException($"The address '{text}' needs the full path of the socket, as unix:/home/me/.local/state/beamline/local/sock.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery is not ("/" or ""))
        {
            throw new EndpointException($"'{text}' is no address of an endpoint: give unix:/path, https://host:port, or http://127.0.0.1:port on this machine.");
        }

        return uri.Scheme == "https" || IsLoopback(uri.Host)
            ? new EndpointAddress(text, null, uri)
            : throw new EndpointException($"'{text}' would send your token over the network for all to read. Use https://, or an ssh tunnel to http://127.0.0.1:port.");
    }

    public static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
