namespace Beamline.Remote.Slurm;

/// <summary>The way to a batch system.</summary>
internal enum SlurmViaKind
{
    /// <summary>sbatch, scontrol and scancel of this machine.</summary>
    Cli,

    /// <summary>The same on another machine.</summary>
    Ssh,

    /// <summary>slurmrestd; the work folder is on a file system of this machine.</summary>
    Rest,
}

/// <summary>How a batch system is reached: the field "via" of an endpoint's file.</summary>
internal sealed record SlurmVia
{
    public SlurmViaKind Kind { get; init; }

    /// <summary>cli: the file slurm.conf when it is not the usual one; null for that.</summary>
    public string? Conf { get; init; }

    /// <summary>ssh: the login node, or its name in ~/.ssh/config.</summary>
    public string? Host { get; init; }

    /// <summary>ssh and rest: who the user is there; null for the same as here.</summary>
    public string? User { get; init; }

    /// <summary>ssh: 0 for what ~/.ssh/config says.</summary>
    public int Port { get; init; }

    /// <summary>ssh: another file than ~/.ssh/config.</summary>
    public string? Config { get; init; }

    /// <summary>ssh: the program.</summary>
    public string Program { get; init; } = "ssh";

    /// <summary>rest: the unix socket; or <see cref="Url"/>.</summary>
    public string? Socket { get; init; }

    /// <summary>rest: for instance http://head:6820.</summary>
    public Uri? Url { get; init; }

    /// <summary>rest: name of the environment variable that has the token (of "scontrol token"); null for a socket that goes by the user.</summary>
    public string? Token { get; init; }

    /// <summary>rest: for instance "v0.0.38"; null for the newest that both sides know.</summary>
    public string? Version { get; init; }

    public static SlurmVia Parse(SlurmFields fields)
    {
        var via = new SlurmVia
        {
            Kind = fields.Choice("kind", ("cli", SlurmViaKind.Cli), ("ssh", SlurmViaKind.Ssh), ("rest", SlurmViaKind.Rest)),
            Conf = fields.Text("conf"),
            Host = fields.Word("host"),
            User = fields.Word("user"),
            Port = (int)fields.Number("port", 0, 0, 65535),
            Config = fields.Text("config"),
            Program = fields.Text("program") ?? "ssh",
            Socket = fields.Text("socket"),
            Url = fields.Text("url") is { } url ? Address(url) : null,
            Token = fields.Variable("token"),
            Version = fields.Version("version"),
        };
        fields.NothingElse();
        return via switch
        {
            { Kind: SlurmViaKind.Ssh, Host: null } => throw new EndpointException("The field via.host is missing: ssh needs the name of the login node."),
            { Kind: SlurmViaKind.Rest, Socket: null, Url: null } => throw new EndpointException(
                "The field via.url is missing: give the address of slurmrestd, for instance \"http://head:6820\", or via.socket, the path of its unix socket."),
            { Kind: SlurmViaKind.Rest, Socket: not null, Url: not null } => throw new EndpointException("The fields via.socket and via.url are both there: slurmrestd has one address."),
            { Kind: SlurmViaKind.Rest, Url: not null, Token: null } => throw new EndpointException(
                "The field via.token is missing: slurmrestd on a port wants a token. Give the name of the environment variable that has it, for instance \"SLURM_JWT\"; 'scontrol token' makes one."),
            _ => via,
        };
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new EndpointException($"The field via.url is \"{text}\": an address starts with http:// or https://.");
}
