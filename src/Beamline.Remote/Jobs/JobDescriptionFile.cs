using System.Text.Json;

namespace Beamline.Remote;

/// <summary>Writes and reads job.json.</summary>
internal static class JobDescriptionFile
{
    /// <summary>Most bytes of a job.json: what is large travels beside it.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>A job in canonical form: the bytes that are signed.</summary>
    /// <exception cref="EndpointException">Its fields contradict each other, or it is too long.</exception>
    public static byte[] Write(JobDescription job)
    {
        JobChecks.Check(job, "The job");
        var json = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Strict), "The job");
        return json.Length <= MaxBytes ? json : throw new EndpointException(
            $"The job would have {ByteText.Of(json.Length)} of JSON and may have {ByteText.Of(MaxBytes)}: it has too many inputs or too much source. Pass large data as arrays.");
    }

    /// <summary>Reads job.json, and checks all that can be checked without the files beside it.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="what">What errors call it.</param>
    /// <exception cref="EndpointException">It is not JSON, of another version, has a field that is not known, or a value that cannot be; names field and line.</exception>
    public static JobDescription Read(ReadOnlySpan<byte> utf8, string what = "job.json")
    {
        if (utf8.Length > MaxBytes)
        {
            throw new EndpointException($"{what} has {ByteText.Of(utf8.Length)}; more than {ByteText.Of(MaxBytes)} are not read.");
        }

        CheckSchema(utf8, what);
        var job = JobJson.Read<JobDescription>(utf8, what, JobJson.Strict);
        JobChecks.Check(job, what);
        return job;
    }

    /// <summary>Before the rest: another version may have other fields, and its number is what the user must hear.</summary>
    private static void CheckSchema(ReadOnlySpan<byte> utf8, string what)
    {
        string? found = null;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JobJson.MaxDepth });
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isSchema = reader.ValueTextEquals("schema"u8);
                    reader.Read();
                    if (isSchema)
                    {
                        found = reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
                        break;
                    }

                    reader.Skip();
                }
            }
        }
        catch (JsonException e)
        {
            throw new EndpointException(JobJson.Problem(e, what), e);
        }
        catch (InvalidOperationException e)
        {
            throw new EndpointException($"{what} has text that is no Unicode: {e.Message}", e);
        }

        if (found != JobDescription.CurrentSchema)
        {
            throw new EndpointException(
                $"{what}, field 'schema': {(found is null ? "it is missing" : $"{JobNames.Shown(found)} is not known here")}. " +
                $"This Beamline reads {JobDescription.CurrentSchema}; use the same version at both ends.");
        }
    }
}
