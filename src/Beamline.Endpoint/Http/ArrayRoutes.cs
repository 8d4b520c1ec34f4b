using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Beamline.Endpoint;

/// <summary>The store of files by their hashes.</summary>
internal static class ArrayRoutes
{
    private const int LargestList = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapMethods("/v1/arrays/{sha256}", ["HEAD"], (HttpContext context, string sha256) => Head(context, parts, sha256))
            .Needs(Scope.Submit).Produces(200).Produces(404).WithName("arrayHead").WithSummary("Whether a file is in the store, and its length.");
        routes.MapPut("/v1/arrays/{sha256}", (HttpContext context, string sha256) => PutAsync(context, parts, sha256))
            .Needs(Scope.Submit).Produces(200).Produces(201)
            .Produces<Problem>(400, "application/problem+json").Produces<Problem>(413, "application/problem+json").Produces<Problem>(507, "application/problem+json")
            .WithName("arrayPut").WithSummary("Sends a file; its SHA-256 must be the one in the path.");
        routes.MapPost("/v1/arrays/missing", Task<IResult> (HttpContext context, CancellationToken _) => MissingAsync(context, parts))
            .Needs(Scope.Submit).Accepts<ArrayHashes>("application/json").Produces<ArrayHashes>().WithName("arraysMissing").WithSummary("Which of some files are not in the store.");
    }

    private static IResult Head(HttpContext context, ServiceParts parts, string sha256)
    {
        if (!parts.Store.Has(sha256))
        {
            throw new RefusedException(404, "The file is not here.") { IsRoutine = true };
        }

        context.Response.ContentLength = parts.Store.BytesOf(sha256);
        return Results.Empty;
    }

    private static async Task<IResult> PutAsync(HttpContext context, ServiceParts parts, string sha256)
    {
        JobNames.Hash(sha256);
        var (store, limit) = (parts.Store, parts.Options.LargestUploadBytes);
        var length = context.Request.ContentLength ?? throw new RefusedException(411, "An upload must say how long it is: send Content-Length.");
        if (length > limit)
        {
            throw new RefusedException(413, $"The file has {ByteText.Of(length)}; this endpoint takes {ByteText.Of(limit)}. Send a part of the data, or put it where the endpoint can read it.");
        }

        if (store.Has(sha256))
        {
            return Results.StatusCode(200);
        }

        var free = new DriveInfo(store.Folder).AvailableFreeSpace;
        if (length > free - parts.Options.ReservedBytes)
        {
            throw new RefusedException(507, $"The file has {ByteText.Of(length)}, and the endpoint's disk has {ByteText.Of(free)} free, of which {ByteText.Of(parts.Options.ReservedBytes)} are kept for jobs that run.");
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = length;
        await store.AddAsync(context.Request.Body, sha256, length, context.RequestAborted);
        parts.Note(context.Caller(), "PUT /v1/arrays", 201, reason: $"{sha256} ({ByteText.Of(length)})");
        return Results.StatusCode(201);
    }

    private static async Task<IResult> MissingAsync(HttpContext context, ServiceParts parts)
    {
        var asked = await context.ReadAsync<ArrayHashes>(LargestList);
        return Requests.Json(new ArrayHashes(parts.Store.Missing(asked.Sha256)));
    }
}
