using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Beamline.Endpoint.Tests;

/// <summary>/v1/openapi.json.</summary>
public sealed class DescriptionTests
{
    [Fact]
    public async Task Every_route_is_described()
    {
        await using var service = await Service.StartAsync(o => o with { Spares = 0 });
        using var anybody = service.Raw("");
        var (status, body, _) = await anybody.SendAsync("GET", "v1/openapi.json");
        Assert.Equal(200, (int)status);
        using var document = JsonDocument.Parse(body);
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).ToHashSet();
        var routes = service.Running.Routes.OfType<RouteEndpoint>()
            .SelectMany(r => r.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Text(r.RoutePattern)}"))
            .Where(r => !r.Contains("{documentName}", StringComparison.Ordinal)).ToArray();
        Assert.True(routes.Length >= 15);
        Assert.Equal(routes.Order(), described.Order());
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString());
        Assert.True(document.RootElement.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("bearer", out _));
        // Each says who may, and what it gives.
        foreach (var operation in document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()))
        {
            Assert.True(operation.Value.GetProperty("summary").GetString()!.Length > 10, operation.Name);
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out _), operation.Name);
        }

        Assert.Contains("\"state\"", body);
        Assert.DoesNotContain(service.Folder.Path, body);
    }

    private static string Text(RoutePattern pattern) => "/" + pattern.RawText!.TrimStart('/');
}
