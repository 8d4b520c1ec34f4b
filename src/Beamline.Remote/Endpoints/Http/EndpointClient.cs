using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Beamline.Remote;

/// <summary>Requests to the service of an endpoint, with its refusals as errors for the user.</summary>
internal sealed class EndpointClient : IDisposable
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Retry _retry;
    private readonly string _name;

    public EndpointClient(string name, HttpEndpointOptions options)
    {
        _name = name;
        _retry = new Retry(name, options);
        // Every attempt has a limit of its own.
        _http = new HttpClient(EndpointHandler.Create(options)) { BaseAddress = options.Address.Root, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        Options = options;
    }

    public HttpEndpointOptions Options { get; }

    /// <summary>A request with an answer in JSON.</summary>
    public Task<T> JsonAsync<T>(HttpMethod method, string path, object? body, TimeSpan wait, CancellationToken cancellationToken)
        where T : class =>
        JsonAsync<T>(method, path, body, wait, null, cancellationToken);

    /// <summary>A request with an answer in JSON.</summary>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">Below the root.</param>
    /// <param name="body">What to send as JSON; null for nothing.</param>
    /// <param name="wait">How long the endpoint waits on purpose before it answers.</param>
    /// <param name="refused">Makes a value of a refusal, or null when it is an error.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> JsonAsync<T>(
        HttpMethod method, string path, object? body, TimeSpan wait, Func<Problem, T?>? refused, CancellationToken cancellationToken)
        where T : class =>
        _retry.RunAsync(
            async (_, stop) =>
            {
                using var limit = new SilenceLimit(LongestAnswer + wait, stop);
                using var request = new HttpRequestMessage(method, path);
                if (body is not null)
                {
                    request.Content = JsonContent.Create(body, body.GetType(), options: JobJson.Options);
                }

                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                if (!answer.IsSuccessStatusCode)
                {
                    var problem = await ProblemAsync(answer, limit.Token).ConfigureAwait(false);
                    return refused?.Invoke(problem) ?? throw Refusal(problem);
                }

                var bytes = await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
                return JobJson.Read<T>(bytes, $"The answer of the endpoint {_name}");
            },
            method == HttpMethod.Post || method == HttpMethod.Put,
            cancellationToken);

    /// <summary>Sends a file, and begins again when the line breaks.</summary>
    /// <param name="path">Below the root.</param>
    /// <param name="source">The file.</param>
    /// <param name="sent">Hears of bytes that went out; a negative number when an attempt failed and they go out again.</param>
    /// <param name="cancellationToken">Stops sending.</param>
    public Task UploadAsync(string path, IArraySource source, Action<long> sent, CancellationToken cancellationToken)
    {
        // Only what no attempt has reached before is getting on: one that breaks at the same place each time is given up.
        var furthest = 0L;
        return _retry.RunAsync(
            async (gotOn, stop) =>
            {
                using var silence = new SilenceLimit(Options.LongestSilence, stop);
                var inAll = 0L;
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Put, path)
                    {
                        Content = new ArrayUpload(
                            source,
                            bytes =>
                            {
                                inAll += bytes;
                                sent(bytes);
                                silence.GotOn();
                                if (inAll > furthest)
                                {
                                    furthest = inAll;
                                    gotOn();
                                }
                            },
                            silence.Token),
                    };
                    // So that the endpoint can refuse before the bytes are on their way.
                    request.Headers.ExpectContinue = source.Array.Bytes > 1 << 16;
                    using var answer = await _http.SendAsync(request, silence.Token).ConfigureAwait(false);
                    if (!answer.IsSuccessStatusCode)
                    {
                        throw Refusal(await ProblemAsync(answer, silence.Token).ConfigureAwait(false));
                    }

                    gotOn();
                    return true;
                }
                catch
                {
                    sent(-inAll);
                    throw;
                }
            },
            true,
            cancellationToken);
    }

    /// <summary>Fetches a file, and goes on where it stopped when the line breaks.</summary>
    /// <param name="path">Below the root.</param>
    /// <param name="received">Gets the bytes in order.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    public Task DownloadAsync(string path, Func<ReadOnlyMemory<byte>, ValueTask> received, CancellationToken cancellationToken)
    {
        var position = 0L;
        return _retry.RunAsync(
            async (gotOn, stop) =>
            {
                using var silence = new SilenceLimit(Options.LongestSilence, stop);
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (position > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(position, null);
                }

                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
                if (position > 0 && answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return true;
                }

                if (!answer.IsSuccessStatusCode)
                {
                    throw Refusal(await ProblemAsync(answer, silence.Token).ConfigureAwait(false));
                }

                if (position > 0 && answer.StatusCode != HttpStatusCode.PartialContent)
                {
                    throw new EndpointException($"The endpoint {_name} does not go on with a file where it stopped. Fetch it again.");
                }

                using var body = await answer.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
                var buffer = new byte[1 << 18];
                for (int read; (read = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0;)
                {
                    await received(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    position += read;
                    gotOn();
                    silence.GotOn();
                }

                return true;
            },
            false,
            cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Problem> ProblemAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        Problem? problem = null;
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                problem = JsonSerializer.Deserialize<Problem>(
                    await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), JobJson.Options);
            }
            catch (JsonException)
            {
                // The status alone says enough.
            }
        }

        problem ??= new Problem { Detail = $"It answers {status} {answer.ReasonPhrase}. Something else may listen there." };
        if (status is 429 or 502 or 503 or 504)
        {
            throw new TransientException(problem.Detail ?? status.ToString(CultureInfo.InvariantCulture), answer.Headers.RetryAfter?.Delta);
        }

        return problem with { Status = status };
    }

    private EndpointException Refusal(Problem problem) => new($"The endpoint {_name}: {problem.Detail ?? problem.Title}");
}
