using System.Security.Cryptography;
using System.Text;

namespace Beamline.Remote;

/// <summary>Signs jobs with the key of the user: ECDSA over P-256 with SHA-256.</summary>
internal sealed class JobSigner : IDisposable
{
    /// <summary>Name of the file with the key, PKCS#8 as PEM.</summary>
    public const string FileName = "job-key.pem";

    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    private JobSigner(ECDsa key)
    {
        _key = key;
        var publicKey = key.ExportSubjectPublicKeyInfo();
        PublicKey = Convert.ToBase64String(publicKey);
        KeyId = Convert.ToHexStringLower(SHA256.HashData(publicKey));
    }

    /// <summary>SHA-256 of the public key: what an endpoint's list of trusted keys has.</summary>
    public string KeyId { get; }

    /// <summary>The public key (SubjectPublicKeyInfo) in base64.</summary>
    public string PublicKey { get; }

    /// <summary>Opens the key of the user; the first use makes it.</summary>
    /// <param name="keys">The folder; null for the user's own.</param>
    /// <exception cref="EndpointException">The file can be read by others, is a link, or has no such key.</exception>
    public static JobSigner Open(string? keys = null)
    {
        keys ??= UserFolder.Of("keys");
        var path = Path.Combine(keys, FileName);
        if (!Path.Exists(path))
        {
            Make(path);
        }

        return new JobSigner(ReadKey(path));
    }

    /// <summary>Signs a job.</summary>
    /// <exception cref="EndpointException">Its fields contradict each other.</exception>
    public SignedJob Sign(JobDescription job)
    {
        var json = JobDescriptionFile.Write(job);
        lock (_gate)
        {
            return new SignedJob(json, new JobSignature(KeyId, PublicKey, Convert.ToBase64String(_key.SignData(json, HashAlgorithmName.SHA256))));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static void Make(string path)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);

        // Two notebooks may start at the same time: the first one's key is the user's. A move that must not replace is no help: it looks first and moves then.
        using var held = PrivateLock.Wait(path + ".lock");
        if (Path.Exists(path))
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var part = PrivateFile.TemporaryName(path);
        try
        {
            using (var file = PrivateFile.Create(part))
            {
                file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw DiskErrors.Of(e, path, 300);
        }
    }

    private static ECDsa ReadKey(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            throw new EndpointException($"The key {path} is a symbolic link; it must be a file. Put the key itself there.");
        }

        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & OfOthers) != 0)
        {
            throw new EndpointException(
                $"Others may read or write the key {path}, so that they could sign jobs in your name. Close it with chmod 600 '{path}'; " +
                "if somebody may have had it, remove it instead (a new one is made) and take its old identifier off the endpoints' lists.");
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(false).Curve.Oid.Value != JobVerifier.P256)
            {
                throw new CryptographicException("it is of another curve");
            }

            // A public key alone reads as well, and would fail at the first job.
            _ = key.ExportParameters(true);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException or FormatException)
        {
            key.Dispose();
            throw new EndpointException($"{path} holds no private key of ECDSA over P-256 ({e.Message}). Remove it, and a new one is made; endpoints must then trust that one.", e);
        }
    }
}
