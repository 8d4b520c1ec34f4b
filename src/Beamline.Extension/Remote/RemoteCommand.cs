using System.Text;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary><c>#!remote slurm --nodes 1 --time 00:10:00</c>: the rest of the cell runs there.</summary>
internal sealed class RemoteCommand : RemoteMagic
{
    public override MagicDescriptor Descriptor { get; } = new("remote", "Runs the rest of the cell at an endpoint; its results become variables here.",
    [
        new("endpoint", MagicValueKind.Text, "Where: local, or what #!endpoint list has.") { IsPositional = true, IsRequired = true, Offers = EndpointNames },
        .. JobParameters.Resources,
        new("after", MagicValueKind.Text, "Number of a job that must have succeeded before; several as 3,4."),
        new("device", MagicValueKind.Text, "What it computes on, as in #!device.") { Default = "auto" },
        new("map", MagicValueKind.Loop, "Runs the cell once for each item, as in angle in angles; its last expression is the result of an item."),
        new("throttle", MagicValueKind.Integer, "With --map: items that run at the same time at most."),
        new("retries", MagicValueKind.Integer, "With --map: how often a failed item is tried again."),
        new("as", MagicValueKind.NewVariable, "Name of the variable with the results of a map (results when left out), or with the job."),
        new("detach", MagicValueKind.Flag, "Do not wait: the job goes on, #!attach comes back to it."),
        new("lazy", MagicValueKind.Flag, "Leave results there until they are used, also small ones."),
        new("yes", MagicValueKind.Flag, "Send inputs of any size without asking."),
    ])
    {
        TakesRest = true,
    };

    protected override async Task RunAsync(MagicArguments arguments, INotebookContext context)
    {
        var endpoint = arguments.Required("endpoint");
        var client = RemoteClient.Current;
        client.Catalog.Find(endpoint);
        var options = Options(arguments);
        var loop = arguments.Text("map") is { } text ? MagicParser.LoopOf(text) : null;
        if (loop is null && (arguments.Has("throttle") || arguments.Has("retries")))
        {
            throw new MagicException("#!remote: --throttle and --retries are for the items of a map: give --map ITEM in ITEMS as well.");
        }

        var stage = Stage(context);
        var capture = context.Service<ICellCapture>() ?? throw new MagicException("#!remote: this host cannot take cells apart: use the kernel of Beamline.");
        var (code, linesBefore) = context.TakeRest() ?? throw new MagicException("#!remote: there are no lines here that it could send: write it on top of a cell.");
        if (string.IsNullOrWhiteSpace(code))
        {
            throw new MagicException("#!remote: there is nothing to send. Write the C# that is to run there in the lines below it.");
        }

        var label = $"{stage.Label} on {endpoint}";
        var captured = capture.Capture(code, new CaptureOptions(label) { LinesBefore = linesBefore, Map = loop });
        var request = new SendRequest(endpoint, options)
        {
            Variable = arguments.Variable("as"),
            IsLazy = arguments.Flag("lazy"),
            Notebook = context.WorkingFolder,
            HowToAgree = "--yes",
        };
        if (arguments.WantsCode)
        {
            context.WriteLine(Explained(captured, request));
            return;
        }

        var cell = new RemoteCell(client, context, stage);
        if (arguments.Flag("detach"))
        {
            context.Display(await cell.DetachAsync(captured, request).ConfigureAwait(false));
        }
        else
        {
            await cell.RunAsync(captured, request).ConfigureAwait(false);
        }
    }

    private RemoteOptions Options(MagicArguments arguments) => JobParameters.Read(arguments, Descriptor.Name) with
    {
        After = arguments.Text("after") is { } after ? [.. after.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Number)] : [],
        Device = DeviceName(arguments.Required("device")),
        Throttle = JobParameters.Count(arguments, "throttle", Descriptor.Name),
        Retries = JobParameters.Count(arguments, "retries", Descriptor.Name),
        SendsAnything = arguments.Flag("yes"),
    };

    private static string DeviceName(string text)
    {
        try
        {
            _ = Compute.Device.Parse(text);
            return text;
        }
        catch (FormatException e)
        {
            throw new MagicException($"#!remote: --device: {e.Message}", e);
        }
    }

    /// <summary>What travels, and the C# that runs here afterwards.</summary>
    private static string Explained(CapturedCell cell, SendRequest request)
    {
        var text = new StringBuilder();
        foreach (var input in cell.Inputs)
        {
            text.Append($"// travels: {input.Name} ({input.TypeName})\n");
        }

        foreach (var part in cell.Prelude)
        {
            text.Append($"// from {part.Label}:\n{part.Code.TrimEnd()}\n");
        }

        text.Append($"// runs on {request.Endpoint}:\n{cell.Source.Trim('\n')}\n");
        foreach (var reason in cell.NotComingBack)
        {
            text.Append($"// does not come back: {reason}\n");
        }

        text.Append("// here, when it has run (job is its number):\n");
        foreach (var output in cell.Outputs)
        {
            text.Append($"{(output.IsNew ? "var " : "")}{output.Name} = RemoteJobs.Find(job).Get<{output.TypeName}>(\"{output.Name}\");\n");
        }

        return text.ToString().TrimEnd();
    }
}
