using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary>Base of the commands about jobs elsewhere: what an endpoint refuses is told as what the command cannot do.</summary>
internal abstract class RemoteMagic : IMagicCommand
{
    public abstract MagicDescriptor Descriptor { get; }

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        if (arguments.WantsHelp)
        {
            context.WriteLine(MagicParser.Help(Descriptor).TrimEnd());
            return;
        }

        try
        {
            await RunAsync(arguments, context).ConfigureAwait(false);
        }
        catch (EndpointException e)
        {
            throw new MagicException($"#!{Descriptor.Name}: {e.Message}", e);
        }
    }

    protected abstract Task RunAsync(MagicArguments arguments, INotebookContext context);

    /// <summary>The number of a job as it was typed: 42 or #42.</summary>
    protected int Number(string text) =>
        int.TryParse(text.TrimStart('#'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new MagicException($"#!{Descriptor.Name}: '{text}' is no number of a job. #!jobs lists yours.");

    protected static ICellStage Stage(INotebookContext context) => context.Service<ICellStage>() ?? throw new MagicException(
        "This host shows no jobs of other machines: use the kernel of Beamline (beamline jupyter install), or Endpoint.Open(...) in C#.");

    /// <summary>Names of all endpoints, to offer while somebody types.</summary>
    protected static IReadOnlyList<string> EndpointNames() => Offered(client => client.Catalog.Names);

    /// <summary>Numbers of the newest jobs, to offer while somebody types.</summary>
    protected static IReadOnlyList<string> JobNumbers() => Offered(client => [.. client.Registry.All().Take(20).Select(j => $"{j.Number}")]);

    // Somebody types: what is wrong with the user's folder is told when the line is run.
    internal static IReadOnlyList<string> Offered(Func<RemoteClient, IReadOnlyList<string>> names)
    {
        try
        {
            return names(RemoteClient.Current);
        }
        catch (Exception e) when (e is EndpointException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
