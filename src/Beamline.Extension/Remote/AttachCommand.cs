using System.Text;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary><c>#!attach 42</c>: all output of a job from its start, its end, its results.</summary>
internal sealed class AttachCommand : RemoteMagic
{
    public override MagicDescriptor Descriptor { get; } = new("attach", "Comes back to a job: shows all its output, waits for it, and makes its results variables here.",
    [
        new("job", MagicValueKind.Text, "Its number, as #!jobs has it.") { IsPositional = true, IsRequired = true, Offers = JobNumbers },
    ]);

    protected override async Task RunAsync(MagicArguments arguments, INotebookContext context)
    {
        var client = RemoteClient.Current;
        var record = client.Find(Number(arguments.Required("job")));
        if (arguments.WantsCode)
        {
            context.WriteLine(Code(record));
            return;
        }

        await new RemoteCell(client, context, Stage(context)).AttachAsync(record).ConfigureAwait(false);
    }

    private static string Code(JobRecord record)
    {
        var code = new StringBuilder($"var job = RemoteJobs.Find({record.Number});\nawait job.WaitAsync();\nConsole.Write(job.Output);\n");
        foreach (var output in record.Outputs)
        {
            code.Append($"{(output.IsNew ? "var " : "")}{output.Name} = job.Get<{output.TypeName}>(\"{output.Name}\");\n");
        }

        return code.ToString().TrimEnd();
    }
}
