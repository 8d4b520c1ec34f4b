using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>v0.0.38 (Slurm 22.05): plain numbers, null for "not set", exit codes as wait(2) gives them.</summary>
internal sealed class RestOf38 : IRestDialect
{
    public JsonObject Submission(SlurmBatch batch, IReadOnlyDictionary<string, string> environment)
    {
        var job = new JsonObject
        {
            ["name"] = batch.Name,
            ["current_working_directory"] = batch.Folder,
            ["standard_output"] = batch.Output,
            ["standard_error"] = batch.Output,
            ["open_mode"] = "append",
            ["requeue"] = batch.MayRequeue,
            ["environment"] = new JsonObject(environment.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value))),
        };
        Put(job, "nodes", batch.Nodes > 0 ? new JsonArray(batch.Nodes, batch.Nodes) : null);
        Put(job, "tasks", batch.Tasks > 0 ? batch.Tasks : null);
        Put(job, "cpus_per_task", batch.CpusPerTask > 0 ? batch.CpusPerTask : null);
        Put(job, "gpus", batch.Gpus > 0 ? $"{batch.Gpus}" : null);
        Put(job, "memory_per_node", batch.MemoryMegabytes > 0 ? batch.MemoryMegabytes : null);
        Put(job, "time_limit", batch.Minutes);
        Common(job, batch);
        return new JsonObject { ["job"] = job, ["script"] = SbatchScript.FirstLine + batch.Body };
    }

    public SlurmJob Job(JsonObject job)
    {
        var id = job.Number("job_id") ?? 0;
        // As wait(2) has it: the code in the second byte, a signal in the first.
        var status = job.Number("exit_code") ?? 0;
        return new SlurmJob(id, job.Word("job_state"))
        {
            ArrayId = job.Number("array_job_id") is > 0 and { } array ? array : id,
            Tasks = job.Word("array_task_string") is { Length: > 0 } tasks ? tasks : job.Number("array_task_id") is { } task && job.Number("array_job_id") > 0 ? $"{task}" : null,
            Name = job.Word("name"),
            User = job.Word("user_name"),
            Reason = job.Word("state_reason") is "None" ? "" : job.Word("state_reason"),
            ExitCode = (int)((status >> 8) & 0xff),
            Signal = (int)(status & 0x7f),
            Restarts = (int)(job.Number("restart_cnt") ?? 0),
            Nodes = job.Word("nodes"),
            RunTime = job.Number("start_time") is > 0 and { } start && job.Number("end_time") is { } end && end >= start ? TimeSpan.FromSeconds(end - start) : null,
            TimeLimit = job.Number("time_limit") is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        };
    }

    public SlurmPartition Partition(JsonObject partition) => new(
        partition.Word("name"),
        partition["flags"] is JsonArray flags && flags.Any(f => f?.GetValue<string>() == "default"),
        partition.Word("state") == "UP",
        partition.Number("max_time_limit") is >= 0 and { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        (int)(partition.Number("total_nodes") ?? 0),
        partition.Number("maximum_nodes_per_job") is > 0 and { } most ? (int)most : null);

    /// <summary>What all versions call the same.</summary>
    internal static void Common(JsonObject job, SlurmBatch batch)
    {
        Put(job, "partition", batch.Partition);
        Put(job, "account", batch.Account);
        Put(job, "qos", batch.Qos);
        if (batch.After.Count > 0)
        {
            job["dependency"] = SbatchScript.Dependency(batch);
            job["kill_on_invalid_dependency"] = true;
        }

        Put(job, "array", batch.ArrayTasks > 0 ? SbatchScript.Array(batch) : null);
        Put(job, "signal", batch.Signal);
        RestExtra.Add(job, batch.Extra);
    }

    internal static void Put(JsonObject job, string name, JsonNode? value)
    {
        if (value is not null)
        {
            job[name] = value;
        }
    }
}

/// <summary>Fields of answers, which are missing or null in some versions.</summary>
internal static class RestFields
{
    /// <summary>A number, plain or as { "set", "infinite", "number" }; null when it is not set or infinite.</summary>
    public static long? Number(this JsonObject json, string name) => json[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => (long)value.GetValue<double>(),
        JsonObject o when o["set"]?.GetValue<bool>() == true && o["infinite"]?.GetValue<bool>() != true => o.Number("number"),
        _ => null,
    };

    /// <summary>A text, or the first of a list; empty when it is missing.</summary>
    public static string Word(this JsonObject json, string name) => json[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonArray { Count: > 0 } list when list[0]?.GetValueKind() == JsonValueKind.String => list[0]!.GetValue<string>(),
        _ => "",
    };
}
