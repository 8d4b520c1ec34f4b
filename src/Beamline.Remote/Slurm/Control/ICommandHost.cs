namespace Beamline.Remote.Slurm;

/// <summary>A machine that runs programs: this one, or a login node over ssh.</summary>
internal interface ICommandHost
{
    /// <summary>What errors call it.</summary>
    string Name { get; }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="words">The program and its arguments, taken as they are.</param>
    /// <param name="input">Writes its standard input; null for none.</param>
    /// <param name="output">Gets its standard output; null to have it in the result.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EndpointException">It is not there, or the machine does not answer.</exception>
    Task<CommandResult> RunAsync(
        IReadOnlyList<string> words, Func<Stream, CancellationToken, Task>? input, Stream? output, CancellationToken cancellationToken);
}

/// <summary>What a program left.</summary>
/// <param name="ExitCode">Its exit code; 127 when there is no such program.</param>
/// <param name="Output">Its standard output, empty when that went elsewhere.</param>
/// <param name="Error">What it said on standard error, without blanks around it.</param>
internal sealed record CommandResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);
}
