using System.Text;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Accepts jobs, or says why not.</summary>
internal sealed class Submission(ServiceOptions options, JobBook book, ArrayStore store, NonceBook nonces, PolicySource policies)
{
    /// <summary>Most items of a map: each takes a byte of memory, and a look at every range.</summary>
    private const int MostItems = 1_000_000;

    private readonly Lock _gate = new();

    /// <summary>Held while a job is accepted.</summary>
    public Lock Accepting => _gate;

    /// <summary>Accepts a job.</summary>
    /// <param name="posted">What was sent.</param>
    /// <param name="user">Whose token sent it.</param>
    /// <returns>The job, and whether it is new.</returns>
    /// <exception cref="RefusedException">It is not accepted.</exception>
    public (JobEntry Job, bool IsNew) Accept(PostedJob posted, string user)
    {
        var signed = new SignedJob(Encoding.UTF8.GetBytes(posted.Job), posted.Signature);
        if (signed.Json.Length > options.LargestJobBytes)
        {
            throw new RefusedException(413, $"job.json has {ByteText.Of(signed.Json.Length)}; this endpoint takes {ByteText.Of(options.LargestJobBytes)}. Pass large values as arrays.");
        }

        var verifier = new JobVerifier(policies.TrustedKeys(), nonces);
        var verdict = verifier.Check(signed);
        var job = verdict.Job ?? throw Refused(verdict);
        // One at a time: a job that is sent twice at once, after a broken line, is still one.
        lock (_gate)
        {
            if (book.Find(job.Id) is { } known)
            {
                return known.Record.User == user && File.ReadAllBytes(known.Folder.Layout.Job).AsSpan().SequenceEqual(signed.Json)
                    ? (known, false)
                    : throw new RefusedException(409, $"There is another job {job.Id} already. Send the cell again: it gets a new number.")
                    {
                        AuditReason = $"The job {job.Id} of {known.Record.User} was sent again by {user}, or with other content.",
                    };
            }

            CheckVersions(job);
            CheckPolicy(job, user);
            CheckMachine(job);
            CheckDependencies(job, user);
            CheckArrays(job);
            var accepted = verifier.Accept(signed);
            if (!accepted.IsAccepted)
            {
                throw Refused(accepted);
            }

            var record = new JobRecord(user, job.Label, job.Created) { Note = PatchNote(job), Items = job.Map?.Count };
            var entry = book.Create(job.Id, signed, record);
            Describe(entry, job);
            return (entry, true);
        }
    }

    /// <summary>Takes over what running a job needs to know of it.</summary>
    public static void Describe(JobEntry entry, JobDescription job)
    {
        entry.Resources = job.Resources;
        if (job.Map is { } map)
        {
            entry.Map = new MapProgress(map.Count, map.Retries);
            entry.Throttle = map.Throttle;
        }
    }

    private static RefusedException Refused(Verdict verdict) => new(
        verdict.Refusal switch
        {
            Refusal.Malformed or Refusal.BadJob or Refusal.NotCanonical => 400,
            Refusal.Replayed => 409,
            _ => 403,
        },
        verdict.Message)
    {
        AuditReason = $"{verdict.Refusal}: {verdict.Message}",
    };

    private static void CheckVersions(JobDescription job)
    {
        if (job.Framework != BeamlineProgram.Framework)
        {
            throw new RefusedException(
                422, $"The cell comes from {job.Framework}, and this endpoint has {BeamlineProgram.Framework}: results could differ, or not load. Both need the same: install that .NET at the sender, or here with 'dotnet tool update -g Beamline.Tool --version {job.Beamline}' on the .NET of the sender.");
        }

        if (job.Beamline != BeamlineProgram.Version)
        {
            throw new RefusedException(
                422, $"The cell comes from Beamline {job.Beamline}, and this endpoint has {BeamlineProgram.Version}. At the sender: 'dotnet tool update -g Beamline.Tool --version {BeamlineProgram.Version}', and restart the kernel; or here: '--version {job.Beamline}', and 'beamline endpoint stop'.");
        }
    }

    private static string? PatchNote(JobDescription job)
    {
        var here = Environment.Version.ToString();
        return job.Runtime == here ? null : $"The sender runs .NET {job.Runtime} and this endpoint {here}: a patch apart, so that last digits can differ.";
    }

    private static void CheckMachine(JobDescription job)
    {
        if (job.Resources.Nodes > 1 || job.Resources.Tasks > 1)
        {
            throw new RefusedException(422, "This endpoint is one machine: it has neither nodes nor ranks of MPI. Send without --nodes and --tasks, or to an endpoint of kind slurm.");
        }

        if (job.Map?.Count > MostItems)
        {
            throw new RefusedException(422, $"The map has {job.Map.Count} items; this endpoint takes {MostItems}. Let each item do more.");
        }
    }

    private void CheckPolicy(JobDescription job, string user)
    {
        var policy = policies.Policy();
        if (policy.Check(job, user) is { } broken)
        {
            throw new RefusedException(403, broken);
        }

        if (policy.JobsPerUser > 0 && book.All.Count(j => j.Record.User == user && !j.Status.IsFinal) >= policy.JobsPerUser)
        {
            throw new RefusedException(403, $"You have {policy.JobsPerUser} jobs that wait or run, the most that this endpoint allows. Wait for one to end, or cancel one.");
        }
    }

    private void CheckDependencies(JobDescription job, string user)
    {
        foreach (var id in job.Resources.After)
        {
            if (book.Find(id)?.Record.User != user)
            {
                throw new RefusedException(422, $"It is to run after job {id}, and there is no such job of yours here. '#!jobs' lists those that are.");
            }
        }
    }

    private void CheckArrays(JobDescription job)
    {
        var missing = job.Inputs.SelectMany(i => i.Arrays).Where(a => a.Path is null).Select(a => a.Sha256).Distinct(StringComparer.Ordinal)
            // Those that are here count as used now: housekeeping must not take them while the job is on its way in.
            .Where(hash => !store.Use(hash)).ToArray();
        if (missing.Length > 0)
        {
            throw new RefusedException(409, $"{missing.Length} files of its inputs are not here yet. Send them with 'PUT /v1/arrays/HASH', and the job again.") { Missing = missing, IsRoutine = true };
        }
    }
}
