using System.Diagnostics;
using System.Net.Http;
using System.Net.Sockets;

namespace Beamline.Remote;

/// <summary>Sends requests again over a line that breaks. Every request of an endpoint may be sent twice without harm.</summary>
internal sealed class Retry(string name, HttpEndpointOptions options)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private volatile bool _hasAnswered;

    /// <summary>Calls until it works, or the line has been broken for too long since the call last got on.</summary>
    /// <param name="call">Gets what to call when the request got on, so that long transfers are not given up.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    /// <exception cref="EndpointException">It did not work; <see cref="EndpointException.IsUnreachable"/>.</exception>
    public async Task<T> RunAsync<T>(Func<Action, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        var pause = Shortest;
        var isRevived = false;
        while (true)
        {
            Exception failure;
            try
            {
                var result = await call(GotOn, cancellationToken).ConfigureAwait(false);
                _hasAnswered = true;
                return result;
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }

            if (options.Revive is { } revive && !isRevived && NobodyListens(failure))
            {
                isRevived = true;
                await revive(cancellationToken).ConfigureAwait(false);
                continue;
            }

            var next = (failure as TransientException)?.After ?? pause;
            if (since.Elapsed + next > (_hasAnswered ? options.RetryFor : options.RetryFirst))
            {
                throw new EndpointException(
                    $"The endpoint {name} ({options.Address.Text}) does not answer: {Words(failure)} Tried for {since.Elapsed.TotalSeconds:0.#} s. Jobs that it has go on; try again when it can be reached.", failure)
                {
                    IsUnreachable = true,
                };
            }

            await Task.Delay(next, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }

        void GotOn()
        {
            _hasAnswered = true;
            since.Restart();
            pause = Shortest;
        }
    }

    private static bool IsTransient(Exception e) => e switch
    {
        TransientException or HttpRequestException or HttpIOException or SocketException => true,
        // What the sender's own disk says is not about the line.
        IOException io => io.InnerException is SocketException or HttpIOException,
        // A transfer that stood still, or an answer that did not come.
        OperationCanceledException => true,
        _ => false,
    };

    private static bool NobodyListens(Exception e) =>
        e is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } }
        || (e is HttpRequestException { InnerException: SocketException { NativeErrorCode: 2 } });

    private static string Words(Exception e)
    {
        var text = e is OperationCanceledException ? "no answer came in time" : (e.InnerException ?? e).Message;
        return text.EndsWith('.') ? text : text + ".";
    }
}
