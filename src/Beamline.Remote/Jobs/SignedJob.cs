namespace Beamline.Remote;

/// <summary>A job as it travels: the exact bytes that were signed, and the signature over them.</summary>
/// <param name="Json">job.json in canonical form (UTF-8).</param>
/// <param name="Signature">Content of job.sig.</param>
internal sealed record SignedJob(byte[] Json, JobSignature Signature);

/// <summary>A signature by ECDSA over P-256 with SHA-256.</summary>
/// <param name="KeyId">SHA-256 of the public key (SubjectPublicKeyInfo), in hexadecimal.</param>
/// <param name="PublicKey">The public key (SubjectPublicKeyInfo) in base64. A key is trusted because the endpoint knows it, not because it is here.</param>
/// <param name="Value">The signature (IEEE P1363) in base64.</param>
internal sealed record JobSignature(string KeyId, string PublicKey, string Value);
