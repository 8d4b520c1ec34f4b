namespace Beamline.Remote;

/// <summary>Why a signed job is not accepted.</summary>
internal enum Refusal
{
    /// <summary>It is accepted.</summary>
    None,

    /// <summary>The signature or the key is no base64, or has the wrong length.</summary>
    Malformed,

    /// <summary>The key is not one of ECDSA over P-256.</summary>
    WrongKeyKind,

    /// <summary>The identifier is not the hash of the key.</summary>
    KeyMismatch,

    /// <summary>The endpoint does not know the key.</summary>
    Untrusted,

    /// <summary>The signature is not one of these bytes by this key.</summary>
    Tampered,

    /// <summary>The JSON is signed, and damaged or of another version.</summary>
    BadJob,

    /// <summary>The JSON is not in canonical form, so that two readers might understand it differently.</summary>
    NotCanonical,

    /// <summary>It was made in the future: the clocks differ.</summary>
    NotYetValid,

    /// <summary>It is too old.</summary>
    Expired,

    /// <summary>It is valid for longer than the endpoint remembers what it has seen.</summary>
    ValidTooLong,

    /// <summary>It was seen before.</summary>
    Replayed,
}

/// <summary>What a verifier says of a job.</summary>
/// <param name="Refusal">Why it is refused.</param>
/// <param name="Message">One sentence for its sender; empty for an accepted one.</param>
/// <param name="Job">The job; null for a refused one.</param>
internal sealed record Verdict(Refusal Refusal, string Message, JobDescription? Job)
{
    public bool IsAccepted => Refusal == Refusal.None;

    /// <summary>The job, or an error for its sender.</summary>
    /// <exception cref="EndpointException">It is refused.</exception>
    public JobDescription JobOrThrow() => Job ?? throw new EndpointException(Message);
}
