using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Beamline.Endpoint.Tests;

/// <summary>Requests as they are, for tests of what is refused.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly HttpClient _http;

    public RawClient(EndpointAddress address, string? token)
    {
        _http = new HttpClient(EndpointHandler.Create(new HttpEndpointOptions(address, ""))) { BaseAddress = address.Root };
        if (token?.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(string method, string path, HttpContent? content = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        change?.Invoke(request);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers);
    }

    public Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> PostAsync(string path, object body) =>
        SendAsync("POST", path, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), JobJson.Options)) { Headers = { ContentType = new("application/json") } });

    public Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> PostAsync(SignedJob job) =>
        PostAsync("v1/jobs", new PostedJob(System.Text.Encoding.UTF8.GetString(job.Json), job.Signature));

    public void Dispose() => _http.Dispose();
}
