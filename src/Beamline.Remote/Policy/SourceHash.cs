using System.Security.Cryptography;
using System.Text;

namespace Beamline.Remote;

/// <summary>What registered-only endpoints go by: the hash of all code of a job.</summary>
internal static class SourceHash
{
    /// <summary>SHA-256 in hexadecimal over the declarations before the cell, the open namespaces, its source, and the function of a map, each ended by a zero byte.</summary>
    public static string Of(JobDescription job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in job.Prelude)
        {
            Add(hash, part.Code);
        }

        foreach (var opened in job.Usings)
        {
            // 'using static' and aliases decide what a name in the source means.
            Add(hash, opened);
        }

        Add(hash, job.Source);
        if (job.Map is { } map)
        {
            Add(hash, map.Function);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
