using System.CommandLine;

namespace Beamline.Cli.Commands;

/// <summary>The options of <c>beamline run</c> about the kernel.</summary>
internal sealed class KernelArguments
{
    private readonly Option<string?> _name = new("--kernel")
    {
        Description = "Run the cells in another installed Jupyter kernel, for instance python3.",
    };

    private readonly Option<string[]> _environment = new("--kernel-env")
    {
        Description = "An environment variable for the cells as NAME=VALUE, or NAME= to take it away; may be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<TimeSpan?> _startTimeout = RunCommand.Time("--kernel-timeout", "With --kernel: longest time until it answers; 60 when not given.");

    internal KernelArguments() => _environment.Validators.Add(result =>
    {
        foreach (var token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"'{token.Value}' is not of the form NAME=VALUE.");
        }
    });

    internal void AddTo(Command command)
    {
        command.Options.Add(_name);
        command.Options.Add(_environment);
        command.Options.Add(_startTimeout);
    }

    internal string? Name(ParseResult parsed) => parsed.GetValue(_name);

    internal TimeSpan StartTimeout(ParseResult parsed) => parsed.GetValue(_startTimeout) ?? TimeSpan.FromMinutes(1);

    internal IReadOnlyDictionary<string, string?> Environment(ParseResult parsed)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var assignment in parsed.GetValue(_environment) ?? [])
        {
            var at = assignment.IndexOf('=', StringComparison.Ordinal);
            variables[assignment[..at]] = at + 1 < assignment.Length ? assignment[(at + 1)..] : null;
        }

        return variables;
    }
}
