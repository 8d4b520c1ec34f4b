namespace Beamline.Remote;

/// <summary>The endpoint 'local': a process of this user on this machine, which needs no set-up.</summary>
internal static class LocalEndpoint
{
    /// <summary>Connects to the service of the user's own endpoint.</summary>
    /// <param name="startIfNeeded">Whether to start it when it does not answer, now and whenever it is gone later.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="EndpointException">It does not run, or does not start.</exception>
    public static Task<IEndpointConnection> ConnectAsync(bool startIfNeeded, CancellationToken cancellationToken) =>
        ConnectAsync(ServiceFolder.Local(), startIfNeeded, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(bool, CancellationToken)"/>
    /// <param name="folder">The folder of the service.</param>
    /// <param name="startIfNeeded">Whether to start it when it does not answer, now and whenever it is gone later.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<IEndpointConnection> ConnectAsync(ServiceFolder folder, bool startIfNeeded, CancellationToken cancellationToken)
    {
        var found = startIfNeeded
            ? await EndpointDaemon.StartAsync(folder, [], cancellationToken).ConfigureAwait(false)
            : await EndpointDaemon.FindAsync(folder, cancellationToken).ConfigureAwait(false) ?? throw new EndpointException(
                "The endpoint 'local' does not run. Start it with 'beamline endpoint start'.") { IsUnreachable = true };
        var options = new HttpEndpointOptions(EndpointAddress.Parse(found.Service.Address), EndpointDaemon.OwnToken(folder)!)
        {
            RetryFor = TimeSpan.FromSeconds(20),
            // It ends by itself when it has been idle for long; the next cell starts it again on the same socket.
            Revive = startIfNeeded ? stop => EndpointDaemon.StartAsync(folder, [], stop) : null,
        };
        return new HttpEndpointConnection(found.Service.Name, options);
    }
}
