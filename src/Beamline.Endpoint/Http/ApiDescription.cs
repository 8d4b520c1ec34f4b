using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Beamline.Endpoint;

/// <summary>What /v1/openapi.json says beside the routes.</summary>
internal static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Beamline endpoint",
                Version = "1",
                Description = "Runs signed notebook cells. Refusals are RFC 9457 problems whose detail says what to do. A cell is arbitrary code that runs as the endpoint's user: there is no sandbox.",
            };
            // The address is the sender's business: a socket has none.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Scopes: submit, read, admin." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
