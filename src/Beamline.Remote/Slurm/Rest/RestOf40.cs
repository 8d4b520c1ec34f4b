using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>v0.0.39 and newer (Slurm 23.02 on): numbers as { "set", "infinite", "number" }, states as lists with flags behind, the environment as a list.</summary>
internal sealed class RestOf40(string version) : IRestDialect
{
    public JsonObject Submission(SlurmBatch batch, IReadOnlyDictionary<string, string> environment)
    {
        var script = SbatchScript.FirstLine + batch.Body;
        var job = new JsonObject
        {
            ["name"] = batch.Name,
            ["current_working_directory"] = batch.Folder,
            ["standard_output"] = batch.Output,
            ["standard_error"] = batch.Output,
            ["open_mode"] = new JsonArray("APPEND"),
            ["requeue"] = batch.MayRequeue,
            ["environment"] = new JsonArray([.. environment.Select(e => (JsonNode)$"{e.Key}={e.Value}")]),
        };
        RestOf38.Put(job, "nodes", batch.Nodes > 0 ? $"{batch.Nodes}" : null);
        RestOf38.Put(job, "tasks", batch.Tasks > 0 ? batch.Tasks : null);
        RestOf38.Put(job, "cpus_per_task", batch.CpusPerTask > 0 ? batch.CpusPerTask : null);
        RestOf38.Put(job, "tres_per_job", batch.Gpus > 0 ? $"gres/gpu:{batch.Gpus}" : null);
        RestOf38.Put(job, "memory_per_node", batch.MemoryMegabytes > 0 ? Set(batch.MemoryMegabytes) : null);
        RestOf38.Put(job, "time_limit", batch.Minutes is { } minutes ? Set(minutes) : null);
        RestOf38.Common(job, batch);
        if (job["memory_per_cpu"] is JsonValue memory)
        {
            job["memory_per_cpu"] = Set(memory.GetValue<int>());
        }

        if (version == "v0.0.39")
        {
            return new JsonObject { ["job"] = job, ["script"] = script };
        }

        job["script"] = script;
        return new JsonObject { ["job"] = job };
    }

    public SlurmJob Job(JsonObject job)
    {
        var id = job.Number("job_id") ?? 0;
        var exit = job["exit_code"] as JsonObject ?? [];
        var signal = (exit["signal"] as JsonObject)?["id"] is { } number ? new JsonObject { ["id"] = number.DeepClone() }.Number("id") : (exit["signal"] as JsonObject)?.Number("signal_id");
        return new SlurmJob(id, job.Word("job_state"))
        {
            ArrayId = job.Number("array_job_id") is > 0 and { } array ? array : id,
            Tasks = job.Word("array_task_string") is { Length: > 0 } tasks ? tasks : job.Number("array_task_id") is { } task && job.Number("array_job_id") > 0 ? $"{task}" : null,
            Name = job.Word("name"),
            User = job.Word("user_name"),
            Reason = job.Word("state_reason") is "None" ? "" : job.Word("state_reason"),
            ExitCode = (int)(exit.Number("return_code") ?? 0),
            Signal = (int)(signal ?? 0),
            Restarts = (int)(job.Number("restart_cnt") ?? 0),
            Nodes = job.Word("nodes"),
            RunTime = job.Number("start_time") is > 0 and { } start && job.Number("end_time") is { } end && end >= start ? TimeSpan.FromSeconds(end - start) : null,
            TimeLimit = job.Number("time_limit") is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        };
    }

    public SlurmPartition Partition(JsonObject partition)
    {
        var most = partition["maximums"] as JsonObject ?? [];
        return new SlurmPartition(
            partition.Word("name"),
            // Which is the one for jobs that name none is not among the fields.
            false,
            (partition["partition"] as JsonObject ?? []).Word("state") is "UP" or "",
            most.Number("time") is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            (int)((partition["nodes"] as JsonObject ?? []).Number("total") ?? 0),
            (int?)most.Number("nodes"));
    }

    private static JsonObject Set(int number) => new() { ["set"] = true, ["infinite"] = false, ["number"] = number };
}
