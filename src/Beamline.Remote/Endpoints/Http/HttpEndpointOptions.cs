namespace Beamline.Remote;

/// <summary>How a sender reaches the service of an endpoint.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Token">The bearer token.</param>
internal sealed record HttpEndpointOptions(EndpointAddress Address, string Token)
{
    /// <summary>Certificate (PEM) of the authority that signed the endpoint's; null for those that the system trusts.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>How long a broken line may last, once the endpoint has answered.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to try an endpoint that has never answered.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a transfer may stand still before it is begun again.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Called when nobody listens: starts the endpoint again where that is possible.</summary>
    public Func<CancellationToken, Task>? Revive { get; init; }
}
