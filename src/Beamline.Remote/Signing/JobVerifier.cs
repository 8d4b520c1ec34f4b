using System.Security.Cryptography;

namespace Beamline.Remote;

/// <summary>Says whether a job is from somebody whom the endpoint trusts, unchanged, fresh and new. Calls may come from several threads.</summary>
/// <param name="trusted">Identifiers of the keys that are trusted.</param>
/// <param name="nonces">What was seen before; null for a worker, whose service looked already.</param>
/// <param name="time">The clock; null for the machine's.</param>
internal sealed class JobVerifier(IReadOnlySet<string> trusted, NonceBook? nonces = null, TimeProvider? time = null)
{
    /// <summary>How far the clocks of sender and endpoint may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Longest time for which a job may be valid: nonces are kept as long.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(7);

    /// <summary>The object identifier of the curve.</summary>
    internal const string P256 = "1.2.840.10045.3.1.7";

    private const int SignatureBytes = 64;

    /// <summary>For a service: all rules. An accepted job counts as seen.</summary>
    public Verdict Accept(SignedJob job)
    {
        var verdict = Check(job);
        if (verdict.Job is not { } known)
        {
            return verdict;
        }

        var now = (time ?? TimeProvider.System).GetUtcNow();
        if (known.Created > now + Skew)
        {
            return Refuse(Refusal.NotYetValid, $"the job was made at {known.Created:u}, and here it is {now:u}. The clocks differ by more than {Skew.TotalMinutes:0} minutes: set them");
        }

        if (known.Expires < now - Skew)
        {
            return Refuse(Refusal.Expired, $"the job expired at {known.Expires:u}, and here it is {now:u}. Send it again; if it was just made, compare the clocks");
        }

        if (known.Expires > now + LongestValidity + Skew)
        {
            return Refuse(Refusal.ValidTooLong, $"the job would be valid until {known.Expires:u}; at most {LongestValidity.TotalDays:0} days are allowed");
        }

        return nonces is null || nonces.Add(job.Signature.KeyId, known.Nonce, known.Expires + Skew + Skew) ? verdict
            : Refuse(Refusal.Replayed, "the same job was sent before. Send the cell again to make a new one");
    }

    /// <summary>For a worker: signature, trust and form. The time is not looked at, because an accepted job may have waited for long.</summary>
    public Verdict Check(SignedJob job)
    {
        if (!TryBase64(job.Signature.PublicKey, 1024, out var publicKey) || !TryBase64(job.Signature.Value, 1024, out var signature) ||
            signature.Length != SignatureBytes || !JobNames.IsHex(job.Signature.KeyId, 64))
        {
            return Refuse(Refusal.Malformed, "job.sig is damaged: it has a key identifier of 64 hexadecimal digits, a key and a signature of 64 bytes in base64");
        }

        if (Convert.ToHexStringLower(SHA256.HashData(publicKey)) != job.Signature.KeyId)
        {
            return Refuse(Refusal.KeyMismatch, "the identifier in job.sig is not that of its key");
        }

        using var key = Import(publicKey);
        if (key is null)
        {
            return Refuse(Refusal.WrongKeyKind, "the key in job.sig is none of ECDSA over P-256");
        }

        if (!trusted.Contains(job.Signature.KeyId))
        {
            return Refuse(Refusal.Untrusted, $"the endpoint does not trust the key {job.Signature.KeyId}. Its administrator adds that identifier to the list of trusted keys");
        }

        if (!key.VerifyData(job.Json, signature, HashAlgorithmName.SHA256))
        {
            return Refuse(Refusal.Tampered, "the signature does not fit the job: it was changed after it was signed");
        }

        try
        {
            var read = JobDescriptionFile.Read(job.Json);
            return CanonicalJson.Of(job.Json, "job.json").AsSpan().SequenceEqual(job.Json)
                ? new Verdict(Refusal.None, "", read)
                : Refuse(Refusal.NotCanonical, "job.json is not in canonical form (RFC 8785): sign the bytes that the scheme gives");
        }
        catch (EndpointException e)
        {
            return new Verdict(Refusal.BadJob, e.Message, null);
        }
    }

    private static Verdict Refuse(Refusal refusal, string why) => new(refusal, $"Refused: {why}.", null);

    private static bool TryBase64(string text, int most, out byte[] bytes)
    {
        bytes = new byte[Math.Min(text.Length, most)];
        if (text.Length <= most && Convert.TryFromBase64String(text, bytes, out var count))
        {
            Array.Resize(ref bytes, count);
            return true;
        }

        return false;
    }

    private static ECDsa? Import(byte[] publicKey)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            if (read == publicKey.Length && key.KeySize == 256 && key.ExportParameters(false).Curve.Oid.Value == P256)
            {
                return key;
            }
        }
        catch (CryptographicException)
        {
            // No key, or one of another kind.
        }

        key.Dispose();
        return null;
    }
}
