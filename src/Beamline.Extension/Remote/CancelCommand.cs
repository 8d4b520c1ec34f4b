using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary><c>#!cancel 42</c>.</summary>
internal sealed class CancelCommand : RemoteMagic
{
    public override MagicDescriptor Descriptor { get; } = new("cancel", "Stops a job, and its batch job with it.",
    [
        new("job", MagicValueKind.Text, "Its number, as #!jobs has it.") { IsPositional = true, IsRequired = true, Offers = JobNumbers },
    ]);

    protected override async Task RunAsync(MagicArguments arguments, INotebookContext context)
    {
        var number = Number(arguments.Required("job"));
        if (arguments.WantsCode)
        {
            context.WriteLine($"await RemoteJobs.Find({number}).CancelAsync();");
            return;
        }

        var job = RemoteJobs.Find(number);
        var before = await job.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        if (before.IsFinal)
        {
            context.WriteLine($"{job}: it has ended already.");
            return;
        }

        await job.CancelAsync(context.CancellationToken).ConfigureAwait(false);
        await job.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        context.WriteLine(job.Record.Status.IsFinal ? job.ToString() : $"{job.Endpoint} was asked to cancel job {number}; #!jobs shows when it has ended.");
    }
}
