using System.Text.Json.Nodes;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>
/// A small job of the worker's own, while nobody waits: it takes the way that every job takes, so that the first real one finds
/// that way compiled.
/// </summary>
internal static class WorkerWarmUp
{
    public static async Task RunAsync(Func<JobFolder, JobDescription, JobStatusFile, WorkerStop, Task> run)
    {
        var place = Directory.CreateTempSubdirectory("beamline-warm-up-").FullName;
        try
        {
            var job = new JobDescription
            {
                Id = Guid.NewGuid().ToString("N"),
                Nonce = Guid.NewGuid().ToString("N"),
                Created = DateTimeOffset.UtcNow,
                Expires = DateTimeOffset.UtcNow.AddHours(1),
                User = "",
                Label = "warm-up",
                Source = "var y = x + 1;\nConsole.WriteLine(y);\ndisplay(HTML(\"\"));\ny",
                Framework = "",
                Runtime = "",
                Beamline = "",
                Inputs = [new JobValue("x", "int", "json") { Json = JsonValue.Create(1) }],
                Outputs = [new JobWish("y", "int")],
            };
            var folder = JobFolder.Create(place, job.Id, new SignedJob(JobDescriptionFile.Write(job), new JobSignature("", "", "")));
            using var stop = new WorkerStop(folder.Layout);
            await run(folder, job, new JobStatusFile(folder.Layout, "", isWriter: true), stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
        {
            // A full disk: the first real job says so.
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
