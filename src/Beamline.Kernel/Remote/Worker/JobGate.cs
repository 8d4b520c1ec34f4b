using System.Security.Cryptography;
using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Decides whether a job in a folder may run here. The service has decided the same before; this one trusts nobody.</summary>
internal sealed class JobGate(WorkerOptions options)
{
    /// <summary>Reads a job, and checks that it is whole, signed by a trusted key, and within the rules.</summary>
    /// <exception cref="JobRefusedException">It may not run.</exception>
    public JobDescription Open(JobLayout layout)
    {
        try
        {
            var json = File.ReadAllBytes(layout.Job);
            if (!options.NoTrust)
            {
                CheckSignature(json, layout);
            }

            var job = JsonSerializer.Deserialize<JobDescription>(json, JobJson.Options)!;
            if (job.Schema != JobDescription.CurrentSchema)
            {
                throw new JobRefusedException($"job.json is of the form '{job.Schema}', and this worker reads '{JobDescription.CurrentSchema}'.");
            }

            return job;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new JobRefusedException($"The job in {layout.Folder} cannot be read: {exception.Message}", exception);
        }
    }

    private void CheckSignature(byte[] json, JobLayout layout)
    {
        if (options.TrustFile is null)
        {
            throw new JobRefusedException("The worker was started without --trust, so it knows no key whose jobs it may run.");
        }

        var trusted = JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(options.TrustFile))!;
        var signature = JsonSerializer.Deserialize<JobSignature>(File.ReadAllBytes(layout.Signature), JobJson.Options)!;
        var key = Convert.FromBase64String(signature.PublicKey);
        var id = Convert.ToHexStringLower(SHA256.HashData(key));
        if (id != signature.KeyId || !trusted.Contains(id))
        {
            throw new JobRefusedException("The job is signed by a key that this endpoint does not trust.");
        }

        using var verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(key, out _);
        if (!verifier.VerifyData(json, Convert.FromBase64String(signature.Value), HashAlgorithmName.SHA256))
        {
            throw new JobRefusedException("The signature does not belong to job.json: the job was changed after it was signed.");
        }
    }
}

/// <summary>A job may not run.</summary>
internal sealed class JobRefusedException(string message, Exception? cause = null) : Exception(message, cause);
