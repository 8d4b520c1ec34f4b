using System.Text.Json;
using Beamline.Remote;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Beamline.Endpoint;

/// <summary>Turns what was thrown into an answer that says what to do (RFC 9457), and into a line of the audit log.</summary>
internal sealed class Problems(RequestDelegate next, AuditLog audit, Housekeeper housekeeper)
{
    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "The request is not as the endpoint expects it",
        [401] = "No valid token",
        [403] = "Not allowed",
        [404] = "Not here",
        [405] = "Not that way",
        [409] = "Does not fit what is there",
        [410] = "Removed",
        [411] = "How long?",
        [413] = "Too large",
        [415] = "Another kind of body",
        [416] = "Beyond the end",
        [422] = "Refused",
        [429] = "Too fast",
        [500] = "An error of the endpoint",
        [507] = "No room",
    };

    public async Task InvokeAsync(HttpContext context)
    {
        RefusedException refusal;
        try
        {
            await next(context);
            if (context.Response.HasStarted || context.Response.StatusCode is not (404 or 405 or 415))
            {
                return;
            }

            refusal = context.Response.StatusCode switch
            {
                404 => new RefusedException(404, $"There is no {context.Request.Path} here. /v1/openapi.json lists what there is."),
                405 => new RefusedException(405, $"{context.Request.Path} cannot be asked by {context.Request.Method}. /v1/openapi.json lists what there is."),
                _ => new RefusedException(415, "The body is not what belongs there: send JSON with the Content-Type application/json."),
            };
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is ConnectionResetException)
        {
            // The sender is gone; it comes again.
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            refusal = Of(e);
            if (refusal.Status == 500)
            {
                await Console.Error.WriteLineAsync($"{DateTimeOffset.UtcNow:u} {context.Request.Method} {context.Request.Path}: {e}");
            }
        }

        await AnswerAsync(context, refusal.Status == 507 ? WithAdvice(refusal) : refusal);
    }

    private RefusedException WithAdvice(RefusedException refusal)
    {
        try
        {
            return new RefusedException(507, $"{refusal.Message} {housekeeper.Advice()}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return refusal;
        }
    }

    private static RefusedException Of(Exception e) => e switch
    {
        RefusedException refused => refused,
        EndpointException { InnerException: { } cause } known when DiskFullException.Is(cause) => new RefusedException(507, known.Message),
        EndpointException known => new RefusedException(400, known.Message),
        BadHttpRequestException bad => new RefusedException(bad.StatusCode, bad.Message),
        _ when DiskFullException.Is(e) => new RefusedException(507, $"The disk of the endpoint is full: {e.Message} Try again when its owner has made room."),
        _ => new RefusedException(500, $"{e.GetType().Name}: {e.Message} The endpoint's log has more; tell its owner."),
    };

    private async Task AnswerAsync(HttpContext context, RefusedException refusal)
    {
        var caller = context.Features.Get<Caller>();
        if (!refusal.IsRoutine)
        {
            audit.Write(new AuditLine(DateTimeOffset.UtcNow, $"{context.Request.Method} {context.Request.Path}", "refused")
            {
                User = caller?.User,
                Token = caller?.TokenId,
                Job = context.Request.RouteValues.TryGetValue("id", out var id) ? JobNames.Shown(id as string).Trim('\'') : null,
                Status = refusal.Status,
                Reason = refusal.AuditReason ?? refusal.Message,
                From = context.Connection.RemoteIpAddress?.ToString(),
            });
        }

        context.Response.Clear();
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "application/problem+json";
        if (refusal.Status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (refusal.RetryAfter is { } after)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var problem = new Problem
        {
            Type = "about:blank",
            Title = Titles.GetValueOrDefault(refusal.Status, "Refused"),
            Status = refusal.Status,
            Detail = refusal.Message,
            Missing = refusal.Missing,
        };
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, JobJson.Options), context.RequestAborted);
    }
}
