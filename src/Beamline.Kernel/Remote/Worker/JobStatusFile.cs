using System.Globalization;
using System.Text.Json;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The file that says what a job is doing; only the first rank writes it.</summary>
internal sealed class JobStatusFile
{
    private readonly string _path;
    private readonly bool _isWriter;
    private JobStatus _last;

    /// <param name="layout">The job's files.</param>
    /// <param name="part">Name of a part of a map, which has a file of its own; empty for the job.</param>
    /// <param name="isWriter">False for all ranks but the first.</param>
    public JobStatusFile(JobLayout layout, string part, bool isWriter)
    {
        _isWriter = isWriter;
        _path = part.Length == 0 ? layout.Status : Path.Combine(layout.Folder, $"status.{part}.json");
        _last = Read(_path) ?? new JobStatus(JobState.Queued);
        _last = _last with
        {
            Attempt = AttemptNow(_last),
            Host = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            BatchId = _last.BatchId ?? Environment.GetEnvironmentVariable("SLURM_JOB_ID"),
            Message = null,
            Error = null,
            ExitCode = null,
            Signal = null,
        };
    }

    /// <summary>How often the job has been started, this time included.</summary>
    public int Attempt => _last.Attempt;

    /// <summary>Says what the job is doing from now on.</summary>
    public void Set(JobState state, string? message = null, JobError? error = null)
    {
        _last = _last with { State = state, Since = DateTimeOffset.UtcNow, Message = message, Error = error };
        if (_last.IsFinal)
        {
            _last = _last with { ExitCode = WorkerExit.Of(state), ProcessId = null };
        }

        if (_isWriter)
        {
            // Without waiting for the disk: what a machine that loses its power had said last is of no use to anybody.
            PrivateFile.Replace(_path, JobJson.Write(_last));
        }
    }

    public static JobStatus? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JobStatus>(File.ReadAllBytes(path), JobJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // None yet, or one that cannot be read: this attempt writes a new one.
            return null;
        }
    }


    private static int AttemptNow(JobStatus last) =>
        Number("BEAMLINE_ATTEMPT") ?? (Number("SLURM_RESTART_COUNT") is { } restarts ? restarts + 1 : last.Attempt + 1);

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
