using System.CommandLine;
using System.Globalization;
using Beamline.Endpoint;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary>What 'endpoint start' and 'endpoint serve' take.</summary>
internal sealed class EndpointServeOptions
{
    private const double DefaultIdleHours = 12;

    private readonly Option<string?> _name = new("--name") { Description = "Name of the endpoint; 'local' when not given." };
    private readonly Option<string?> _listen = new("--listen") { Description = "Listen on TCP: a port of this machine alone, or ADDRESS:PORT. A unix socket when not given." };
    private readonly Option<bool> _others = new("--allow-other-machines") { Description = "Allow an address that other machines reach. Whoever has a token runs code here as you. Needs --certificate." };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "Certificate for TLS with its chain (PEM)." };
    private readonly Option<string?> _key = new("--key") { Description = "Key of the certificate (PEM); in the same file when not given." };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Jobs at a time; half of the processors when not given." };
    private readonly Option<string?> _policy = new("--policy") { Description = "Policy file; policy.json of the folder when not given and there." };
    private readonly Option<double?> _idle = new("--idle-hours") { Description = "End after so many hours without jobs and requests; 0 for never, 12 when not given." };
    private readonly Option<string?> _largest = new("--largest-upload") { Description = "Most bytes of one file, for instance 8GB; 64 GiB when not given." };

    private readonly Option<string?> _worker = new("--worker") { Description = "Program that runs jobs in place of 'beamline worker'.", Hidden = true };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_name, _listen, _others, _certificate, _key, _concurrency, _policy, _idle, _largest, _worker])
        {
            command.Add(option);
        }
    }

    /// <summary>The same options, for the process that 'start' starts.</summary>
    public IReadOnlyList<string> Arguments(ParseResult parsed)
    {
        var arguments = new List<string>();
        foreach (var option in (Option<string?>[])[_name, _listen, _certificate, _key, _policy, _largest, _worker])
        {
            if (parsed.GetValue(option) is { } text)
            {
                arguments.AddRange([option.Name, IsPath(option) ? Path.GetFullPath(text) : text]);
            }
        }

        if (parsed.GetValue(_others))
        {
            arguments.Add(_others.Name);
        }

        if (parsed.GetValue(_concurrency) is { } concurrency)
        {
            arguments.AddRange([_concurrency.Name, concurrency.ToString(CultureInfo.InvariantCulture)]);
        }

        if (parsed.GetValue(_idle) is { } idle)
        {
            arguments.AddRange([_idle.Name, idle.ToString(CultureInfo.InvariantCulture)]);
        }

        return arguments;
    }

    /// <exception cref="EndpointException">An option cannot be used.</exception>
    public ServiceOptions Read(ParseResult parsed, ServiceFolder folder)
    {
        var options = new ServiceOptions(folder) { IdleExit = Idle(parsed.GetValue(_idle) ?? DefaultIdleHours) };
        if (parsed.GetValue(_name) is { } name)
        {
            options = options with { Name = JobNames.File(name) };
        }

        if (parsed.GetValue(_listen) is { } listen)
        {
            options = options with { Listen = ListenAddress.Parse(listen, parsed.GetValue(_others), parsed.GetValue(_certificate), parsed.GetValue(_key)) };
        }

        if (parsed.GetValue(_concurrency) is { } concurrency)
        {
            options = options with { Concurrency = concurrency > 0 ? concurrency : throw new EndpointException("--concurrency must be 1 or more.") };
        }

        if (parsed.GetValue(_policy) is { } policy)
        {
            _ = EndpointPolicy.Load(policy);
            options = options with { PolicyFile = Path.GetFullPath(policy) };
        }

        if (parsed.GetValue(_largest) is { } largest)
        {
            options = options with { LargestUploadBytes = Bytes(largest) };
        }

        if (parsed.GetValue(_worker) is { } worker)
        {
            options = options with { WorkerCommand = [Path.GetFullPath(worker)] };
        }

        return options;
    }

    private static TimeSpan? Idle(double hours) => hours switch
    {
        0 => null,
        > 0 and < 100_000 => TimeSpan.FromHours(hours),
        _ => throw new EndpointException("--idle-hours is 0 for never, or a number of hours."),
    };

    private static long Bytes(string text) =>
        ByteSize.TryParse(text, out var bytes) ? bytes : throw new EndpointException($"--largest-upload: '{text}' is no size. Give for instance 500MB or 8GB.");

    private bool IsPath(Option option) => option == _certificate || option == _key || option == _policy || option == _worker;
}
