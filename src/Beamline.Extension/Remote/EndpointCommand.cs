using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary><c>#!endpoint list</c>, <c>#!endpoint test slurm</c>, <c>#!endpoint status slurm</c>, <c>#!endpoint add slurm --kind slurm ...</c>, <c>#!endpoint prune slurm --dry-run</c>.</summary>
internal sealed class EndpointCommand : RemoteMagic
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string OlderThan = "older-than";
    private const string DryRun = "dry-run";

    /// <summary>Options of add, and the fields of the file that they become.</summary>
    private static readonly (string Option, string Field, string Summary)[] Fields =
    [
        ("description", "description", "One line for people."),
        ("url", "url", "http: where the service listens, for instance https://cluster.example.org:8443."),
        ("token-file", "tokenFile", "http: a file with the token and nothing else; the token itself is never written here."),
        ("token-variable", "tokenVariable", "http: the environment variable that holds the token."),
        ("certificate-file", "certificateFile", "http: certificate of a service that signed its own."),
        ("work-folder", "workFolder", "slurm: folder for jobs and arrays on the file system that the nodes share."),
        ("partition", "partition", "slurm: partition when a cell names none."),
        ("account", "account", "slurm: account when a cell names none."),
        ("qos", "qos", "slurm: quality of service when a cell names none."),
        ("time", "walltime", "Longest time of a job when a cell names none, as hh:mm:ss."),
        ("memory", "memory", "slurm: memory of a node when a cell names none, with its unit."),
        ("ask-above", "askAbove", "Size of inputs that is asked about before they are sent; 64 MiB when left out."),
    ];

    public override MagicDescriptor Descriptor { get; } = new("endpoint", "Lists, adds and tries the places where cells can run.",
    [
        new("action", MagicValueKind.Text, "What to do.") { IsPositional = true, IsRequired = true, Allowed = ["list", "add", "test", "status", "prune"] },
        new("name", MagicValueKind.Text, "All but list: the endpoint.") { IsPositional = true, Offers = EndpointNames },
        new("kind", MagicValueKind.Text, "add: local, http or slurm.") { Allowed = EndpointFields.Kinds },
        .. Fields.Select(f => new MagicParameter(f.Option, f.Option is "token-file" or "certificate-file" ? MagicValueKind.Path : MagicValueKind.Text, f.Summary)),
        new("host", MagicValueKind.Text, "slurm: login node, as ssh knows it; without it the commands of Slurm are run here."),
        new("rest-url", MagicValueKind.Text, "slurm: address of slurmrestd, in the place of --host."),
        new("beamline", MagicValueKind.Text, "slurm: the words that start Beamline on a node, for instance \"dotnet /shared/beamline/beamline.dll\"."),
        new("prologue", MagicValueKind.Text, "slurm: a line of shell before that, for instance \"module load dotnet/10\"."),
        new(OlderThan, MagicValueKind.Number, "prune: days since a job ended; the endpoint's own rule when left out."),
        new(DryRun, MagicValueKind.Flag, "prune: only say what would be removed."),
    ]);

    protected override async Task RunAsync(MagicArguments arguments, INotebookContext context)
    {
        var action = arguments.Required("action");
        var name = arguments.Text("name");
        if (action != "list" && name is null)
        {
            throw new MagicException($"#!endpoint {action} needs the name of an endpoint.{(action == "add" ? "" : $" Endpoints: {string.Join(", ", EndpointNames())}.")}");
        }

        Refuse(arguments, action, name);
        if (action == "add")
        {
            var json = File(arguments, context);
            if (arguments.WantsCode)
            {
                context.WriteLine(json);
                return;
            }

            var made = RemoteClient.Current.Catalog.Add(name!, json);
            context.WriteLine($"wrote {made.Path}; #!endpoint test {name} tries it");
            return;
        }

        var code = action switch
        {
            "list" => "Endpoint.List()",
            "test" => $"await Endpoint.Open(\"{name}\").TestAsync()",
            "prune" => $"await Endpoint.Open(\"{name}\").PruneAsync({PruneText(arguments)})",
            _ => $"Endpoint.Open(\"{name}\").Info",
        };
        if (arguments.WantsCode)
        {
            context.WriteLine(code);
            return;
        }

        object shown = action switch
        {
            "list" => Endpoint.List(),
            "test" => await Endpoint.Open(name!).TestAsync(context.CancellationToken).ConfigureAwait(false),
            "prune" => await Endpoint.Open(name!).PruneAsync(Age(arguments), arguments.Flag(DryRun), context.CancellationToken).ConfigureAwait(false),
            _ => await RemoteClient.Current.InfoAsync(name!, context.CancellationToken).ConfigureAwait(false),
        };
        context.Display(shown);
        if (shown is EndpointTest { Problem: { } problem })
        {
            throw new MagicException($"#!endpoint test: {problem}");
        }
    }

    private void Refuse(MagicArguments arguments, string action, string? name)
    {
        if (action == "list" && name is not null)
        {
            throw new MagicException($"#!endpoint list takes no name: #!endpoint status {name} asks one of them.");
        }

        if (Descriptor.Parameters.FirstOrDefault(p => !p.IsPositional && arguments.Has(p.Name) && action != (p.Name is OlderThan or DryRun ? "prune" : "add")) is { } other)
        {
            throw new MagicException($"#!endpoint: --{other.Name} means nothing for {action}.");
        }
    }

    private static TimeSpan? Age(MagicArguments arguments) => arguments.Number(OlderThan) switch
    {
        null => null,
        >= 0 and <= 36_500 and { } days => TimeSpan.FromDays(days),
        _ => throw new MagicException("#!endpoint prune: --older-than is a number of days from 0 (all that has ended) to 36500."),
    };

    private static string PruneText(MagicArguments arguments) => string.Join(", ", new[]
    {
        Age(arguments) is { } age ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"olderThan: TimeSpan.FromDays({age.TotalDays})") : null,
        arguments.Flag(DryRun) ? "isTrial: true" : null,
    }.OfType<string>());

    /// <summary>The text of a new file.</summary>
    private static string File(MagicArguments arguments, INotebookContext context)
    {
        var kind = arguments.Text("kind") ?? throw new MagicException($"#!endpoint add needs --kind: {string.Join(", ", EndpointFields.Kinds)}.");
        var file = new JsonObject { ["kind"] = kind };
        foreach (var (option, field, _) in Fields)
        {
            if (arguments.Text(option) is { } value)
            {
                // A path of the command line counts from the notebook; one in the file would count from the file.
                file[field] = field is "tokenFile" or "certificateFile" && !value.StartsWith('~') ? Path.GetFullPath(value, context.WorkingFolder) : value;
            }
        }

        var (host, rest) = (arguments.Text("host"), arguments.Text("rest-url"));
        if (host is not null && rest is not null)
        {
            throw new MagicException("#!endpoint add: --host and --rest-url are two ways to the same cluster: give one of them.");
        }

        if (host is not null)
        {
            file["via"] = new JsonObject { ["kind"] = "ssh", ["host"] = host };
        }
        else if (rest is not null)
        {
            file["via"] = new JsonObject { ["kind"] = "rest", ["url"] = rest, ["token"] = "SLURM_JWT" };
        }

        if (arguments.Text("beamline") is { } command)
        {
            file["beamlineCommand"] = new JsonArray([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => (JsonNode)w)]);
        }

        if (arguments.Text("prologue") is { } prologue)
        {
            file["prologue"] = new JsonArray(prologue);
        }

        return file.ToJsonString(Indented) + "\n";
    }
}
