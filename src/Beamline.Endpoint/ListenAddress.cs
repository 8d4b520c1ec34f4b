using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>An address for TCP.</summary>
/// <param name="Address">Which of the machine's addresses.</param>
/// <param name="Port">0 for a free one.</param>
/// <param name="Certificate">For TLS; null without it, which only loopback may have.</param>
internal sealed record ListenAddress(IPAddress Address, int Port, X509Certificate2? Certificate)
{
    /// <summary>Reads the options of a command line.</summary>
    /// <param name="text">Port, or address and port, for instance 127.0.0.1:8765.</param>
    /// <param name="allowsOthers">Whether other machines may connect.</param>
    /// <param name="certificate">File with a certificate and its chain (PEM).</param>
    /// <param name="key">File with its key (PEM).</param>
    /// <exception cref="EndpointException">It cannot be used.</exception>
    public static ListenAddress Parse(string text, bool allowsOthers, string? certificate, string? key)
    {
        IPEndPoint? place = null;
        if (int.TryParse(text, out var port) && port is >= 0 and <= 65535)
        {
            place = new IPEndPoint(IPAddress.Loopback, port);
        }
        else if (text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var parsed))
        {
            place = parsed;
        }

        if (place is null)
        {
            throw new EndpointException($"'{text}' is no address to listen on: give a port, or an address and a port as 127.0.0.1:8765 or [::1]:8765.");
        }

        if (!IPAddress.IsLoopback(place.Address))
        {
            if (!allowsOthers)
            {
                throw new EndpointException($"{place} can be reached from other machines, and whoever has a token runs code here. If you mean it, add --allow-other-machines with --certificate and --key.");
            }

            if (certificate is null)
            {
                throw new EndpointException($"{place} can be reached from other machines: tokens must not travel without TLS. Add --certificate FILE --key FILE.");
            }
        }

        return new ListenAddress(place.Address, place.Port, Load(certificate, key));
    }

    private static X509Certificate2? Load(string? certificate, string? key)
    {
        if (certificate is null)
        {
            return null;
        }

        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
            // A certificate whose key is only in memory cannot serve on every system.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EndpointException($"The certificate {certificate} with the key {key ?? "in the same file"} cannot be used: {e.Message}", e);
        }
    }
}
