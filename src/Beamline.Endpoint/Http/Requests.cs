using Beamline.Remote;
using Microsoft.AspNetCore.Http;

namespace Beamline.Endpoint;

/// <summary>Reads bodies and writes answers as all files of jobs are written.</summary>
internal static class Requests
{
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>()!;

    public static async Task<T> ReadAsync<T>(this HttpContext context, long limit)
        where T : class
    {
        if (context.Request.ContentLength > limit)
        {
            throw new RefusedException(413, $"The request has {ByteText.Of(context.Request.ContentLength.Value)}; this endpoint takes {ByteText.Of(limit)} there.");
        }

        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > limit)
            {
                throw new RefusedException(413, $"The request has more than {ByteText.Of(limit)}, the most that this endpoint takes there.");
            }
        }

        return JobJson.Read<T>(body.GetBuffer().AsSpan(0, (int)body.Length), "The body of the request", JobJson.Strict);
    }

    public static IResult Json<T>(T value, int status = 200) => Results.Bytes(JobJson.Write(value), "application/json") is var result && status == 200
        ? result
        : new WithStatus(result, status);

    private sealed class WithStatus(IResult inner, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
