using System.CommandLine;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline worker --job DIR</c> and <c>beamline worker --serve</c>: what endpoints start to run cells that were sent.</summary>
internal static class WorkerCommand
{
    private const string About = """
        Run cells that were sent to an endpoint. Endpoints and batch scripts call this.

        --job runs one job and ends. Exit codes: 0 succeeded; 1 failed; 2 wrong usage; 3 refused; 4 out of memory;
        5 timed out; 6 cancelled; anything else: the process crashed. SIGTERM stops the job within seconds.

        --serve stays and reads lines of JSON: {"job":"DIR","items":"0-99","user":"carol"} runs a job (items only for maps),
        {"cancel":"DIR"} stops the one that runs. It writes {"ready":true,"processId":N} once, and for each job
        {"job":"DIR","state":"succeeded"}.
        """;

    internal static Command Create()
    {
        var job = new Option<string?>("--job") { Description = "Folder of the job to run." };
        var serve = new Option<bool>("--serve") { Description = "Stay, and run the jobs that lines on standard input name." };
        var items = new Option<string?>("--items") { Description = "Part of the items of a map, for instance 0-99." };
        var store = new Option<string?>("--store") { Description = "Folder of arrays by hash." };
        var trust = new Option<string?>("--trust") { Description = "JSON list of the keys whose jobs are run." };
        var noTrust = new Option<bool>("--no-trust") { Description = "Run the job whoever signed it: for a job of your own." };
        var policy = new Option<string?>("--policy") { Description = "The rules of the endpoint." };
        var user = new Option<string?>("--user") { Description = "Whose jobs these are, for the rules; the user that this runs as when not given." };
        var command = new Command("worker", About) { job, serve, items, store, trust, noTrust, policy, user };
        command.Validators.Add(result =>
        {
            if (result.GetValue(job) is null == !result.GetValue(serve))
            {
                result.AddError("Give either --job DIR or --serve.");
            }

            if (result.GetValue(trust) is null == !result.GetValue(noTrust))
            {
                result.AddError("Give either --trust FILE, the keys whose jobs are run, or --no-trust.");
            }
        });
        command.SetAction((parsed, _) =>
        {
            (int, int)? part;
            try
            {
                part = WorkerItems.Parse(parsed.GetValue(items));
            }
            catch (FormatException exception)
            {
                Console.Error.WriteLine($"beamline worker: {exception.Message}");
                return Task.FromResult(WorkerExit.WrongUsage);
            }

            var options = new WorkerOptions(() => [new BeamlineExtension()])
            {
                StoreFolder = parsed.GetValue(store),
                TrustFile = parsed.GetValue(trust),
                NoTrust = parsed.GetValue(noTrust),
                PolicyFile = parsed.GetValue(policy),
                User = parsed.GetValue(user),
                Ranks = (Ranks.Rank, Ranks.Size),
                Items = part,
            };
            return parsed.GetValue(job) is { } folder ? WorkerHost.RunJobAsync(options, folder) : WorkerHost.ServeAsync(options);
        });
        return command;
    }
}
