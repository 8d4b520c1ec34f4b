using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary><c>#!jobs</c>: the jobs of the user, from whatever notebook.</summary>
internal sealed class JobsCommand : CodeMagic
{
    private const int Latest = 20;

    public override MagicDescriptor Descriptor { get; } = new("jobs", "Lists your jobs at endpoints, also those of earlier sessions.",
    [
        new("all", MagicValueKind.Flag, $"All, and not the newest {Latest} alone."),
        new("endpoint", MagicValueKind.Text, "Only those of this endpoint.") { Offers = () => RemoteMagic.Offered(client => client.Catalog.Names) },
        new("forget", MagicValueKind.Integer, "Remove this job, which has ended, from the list, with what was fetched of it."),
    ])
    {
        OnlyInCode = ["State, Source, Output, Get and WaitAsync of a RemoteJob"],
    };

    protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
    {
        if (arguments.Integer("forget") is { } number)
        {
            return new MagicCode($"RemoteJobs.Forget({number});");
        }

        List<string> given = [];
        if (arguments.Text("endpoint") is { } endpoint)
        {
            given.Add($"endpoint: {Literal(endpoint)}");
        }

        if (!arguments.Flag("all"))
        {
            given.Add($"latest: {Latest}");
        }

        return new MagicCode($"RemoteJobs.List({string.Join(", ", given)})");
    }
}
