using System.Globalization;
using System.Text;

namespace Beamline.Remote.Slurm;

/// <summary>Slurm by its programs, here or over ssh.</summary>
/// <param name="host">The machine that has them.</param>
/// <param name="conf">Value of SLURM_CONF there; null for the usual. For this machine the host has it already.</param>
internal sealed class CliControl(ICommandHost host, string? conf = null) : ISlurmControl
{
    private readonly string[] _before = conf is null ? [] : ["env", "SLURM_CONF=" + conf];
    private string? _user;
    private string? _jobcomp;
    private int? _arrayTasks;
    private bool _withoutAccounting;

    public bool CanTellScript => true;

    public async Task<string> UserAsync(CancellationToken cancellationToken) =>
        _user ??= (await RunAsync(["id", "-un"], cancellationToken).ConfigureAwait(false)).Text.Trim();

    public async Task<long> SubmitAsync(SlurmBatch batch, CancellationToken cancellationToken)
    {
        var script = Encoding.UTF8.GetBytes(SbatchScript.Write(batch));
        var result = await host.RunAsync(
            [.. _before, "sbatch", "--parsable"], (input, token) => input.WriteAsync(script, token).AsTask(), null, cancellationToken).ConfigureAwait(false);
        Check("sbatch", result);
        // "123", or "123;cluster".
        return long.TryParse(result.Text.Split(';', '\n')[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new EndpointException($"sbatch on {host.Name} took the job but gave no number: {result.Text.Trim()} {result.Error}");
    }

    public async Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        // scontrol takes one number or all; squeue with several numbers asks the controller for all as well.
        var words = new List<string> { "scontrol", "--oneliner", "show", "job" };
        if (ids.Count == 1)
        {
            words.Add(Text(ids.First()));
        }

        var result = await host.RunAsync([.. _before, .. words], null, null, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0 && SlurmErrors.IsUnknownJob(result.Error))
        {
            return [];
        }

        Check("scontrol", result);
        return [.. Lines(result).Select(ScontrolText.Job).OfType<SlurmJob>().Where(j => ids.Contains(j.ArrayId))];
    }

    public async Task<IReadOnlyList<SlurmJob>> PastAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        if (!_withoutAccounting)
        {
            var result = await host.RunAsync(
                [.. _before, "sacct", "-P", "-n", "-X", "-j", string.Join(',', ids.Select(Text)), "-o", "JobID,JobName,User,State,ExitCode,Reason,NodeList"],
                null, null, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode == 0)
            {
                return [.. Lines(result).Select(ScontrolText.Accounted).OfType<SlurmJob>().Where(j => ids.Contains(j.ArrayId))];
            }

            // "Slurm accounting storage is disabled", or no such program: it will not come.
            _withoutAccounting = result.ExitCode == 127 || result.Error.Contains("disabled", StringComparison.OrdinalIgnoreCase);
        }

        var file = _jobcomp ??= await ConfigurationAsync("JobCompLoc", cancellationToken).ConfigureAwait(false) ?? "";
        if (!file.StartsWith('/'))
        {
            return [];
        }

        // The file is the administrator's and may be long: only lines of these jobs.
        var numbers = string.Join('|', ids.Select(Text));
        var found = await host.RunAsync(
            ["grep", "-E", "-e", $"(^JobId| ArrayJobId)=({numbers}) ", "--", file], null, null, cancellationToken).ConfigureAwait(false);
        return found.ExitCode == 0 ? ScontrolText.Completed(Lines(found), ids) : [];
    }

    public async Task<long?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(
            [.. _before, "squeue", "--noheader", "--states=all", "--name=" + name, "--user=" + await UserAsync(cancellationToken).ConfigureAwait(false), "--format=%F"],
            null, null, cancellationToken).ConfigureAwait(false);
        Check("squeue", result);
        return Lines(result).Select(l => long.Parse(l.Trim(), CultureInfo.InvariantCulture)).Order().Select(n => (long?)n).LastOrDefault();
    }

    public async Task CancelAsync(long id, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync([.. _before, "scancel", Text(id)], null, null, cancellationToken).ConfigureAwait(false);
        if (!SlurmErrors.IsUnknownJob(result.Error) && !SlurmErrors.HasEnded(result.Error))
        {
            Check("scancel", result);
        }
    }

    public async Task RequeueAsync(long id, CancellationToken cancellationToken) =>
        await RunAsync([.. _before, "scontrol", "requeue", Text(id)], cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<SlurmPartition>> PartitionsAsync(CancellationToken cancellationToken) =>
        [.. Lines(await RunAsync([.. _before, "scontrol", "--oneliner", "show", "partition"], cancellationToken).ConfigureAwait(false))
            .Select(ScontrolText.Partition).OfType<SlurmPartition>()];

    public async Task<IReadOnlyList<SlurmNode>> NodesAsync(CancellationToken cancellationToken) =>
        [.. Lines(await RunAsync([.. _before, "scontrol", "--oneliner", "show", "node"], cancellationToken).ConfigureAwait(false))
            .Select(ScontrolText.Node).OfType<SlurmNode>()];

    public async Task<int> MaxArrayTasksAsync(CancellationToken cancellationToken) => _arrayTasks ??=
        int.TryParse(await ConfigurationAsync("MaxArraySize", cancellationToken).ConfigureAwait(false), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size - 1 : 1000;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<string?> ConfigurationAsync(string name, CancellationToken cancellationToken) =>
        Lines(await RunAsync([.. _before, "scontrol", "show", "config"], cancellationToken).ConfigureAwait(false))
            .Where(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Select(l => l.Split('=', 2)[^1].Trim()).FirstOrDefault();

    private async Task<CommandResult> RunAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(words, null, null, cancellationToken).ConfigureAwait(false);
        Check(words.First(w => !w.Contains('=', StringComparison.Ordinal) && w != "env"), result);
        return result;
    }

    private void Check(string program, CommandResult result)
    {
        if (result.ExitCode == 127)
        {
            throw SlurmErrors.Missing(program, host.Name);
        }

        if (result.ExitCode != 0)
        {
            throw SlurmErrors.Of($"{program} on {host.Name}", result.Error);
        }
    }

    private static string[] Lines(CommandResult result) => result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
