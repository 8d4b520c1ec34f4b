using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Decides whether a job in a folder may run here. The service has decided the same before; this one trusts nobody.</summary>
internal sealed class JobGate(WorkerOptions options)
{
    /// <summary>Most time that the rules give any job, also one that asks for none; null for no limit. Known when a job was let in.</summary>
    public TimeSpan? LongestWalltime { get; private set; }

    /// <summary>Reads a job, and checks that it is whole, signed by a trusted key, and within the rules.</summary>
    /// <param name="folder">Folder of the job.</param>
    /// <exception cref="EndpointException">It may not run.</exception>
    public JobDescription Open(JobFolder folder)
    {
        try
        {
            var job = options.NoTrust ? folder.ReadJob() : new JobVerifier(Trusted()).Check(folder.ReadSigned()).JobOrThrow();
            JobText.Check(job);
            if (options.PolicyFile is { } file)
            {
                // What the job says of its user is its sender's word.
                var policy = EndpointPolicy.Load(file);
                LongestWalltime = policy.LongestWalltime;
                if (policy.Check(job, options.User ?? Environment.UserName) is { } broken)
                {
                    throw new EndpointException(broken);
                }
            }

            return job;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"The job in {folder.Layout.Folder} cannot be read: {exception.Message}", exception);
        }
    }

    private IReadOnlySet<string> Trusted() => TrustedKeys.Read(options.TrustFile ?? throw new EndpointException(
        "The worker was started without --trust, so it knows no key whose jobs it may run."));
}
