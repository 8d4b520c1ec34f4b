using System.CommandLine;
using Beamline.Notebook;

namespace Beamline.Cli.Commands;

/// <summary>The options of <c>beamline run</c> that say what is written.</summary>
internal sealed class OutputArguments
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the executed notebook is saved; NAME.executed.ipynb beside the notebook when not given. " +
            "With another ending (done.html) that format is written, too; a folder when several notebooks run.",
    };

    private readonly Option<string[]> _to = new("--to")
    {
        Description = "Also write ipynb, html, md or cs beside the executed notebook; several as html,md. nbconvert's names notebook, markdown and script are known, too.",
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            var formats = result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(f => OfNbconvert(f.ToLowerInvariant())).Distinct().ToArray();
            foreach (var wrong in formats.Except(RunExports.Formats))
            {
                result.AddError($"'{wrong}' is not a format.{Suggestion.DidYouMean(wrong, RunExports.Formats)} Formats are {string.Join(", ", RunExports.Formats)}.");
            }

            return formats;
        },
    };

    private readonly Option<string?> _html = new("--html") { Description = "Also write the executed notebook as one self-contained web page." };

    private readonly Option<bool> _inlineImages = new("--inline-images") { Description = "With --to md: pictures in the text instead of files in NAME_files." };

    private readonly Option<bool> _foldCode = new("--fold-code") { Description = "With --to html and --html: the code folded away; a click opens it." };

    private static string OfNbconvert(string format) => format switch
    {
        "notebook" => "ipynb",
        "markdown" => "md",
        "script" => "cs",
        _ => format,
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_to);
        command.Options.Add(_html);
        command.Options.Add(_inlineImages);
        command.Options.Add(_foldCode);
    }

    internal RunExports Of(ParseResult parsed) => new(
        parsed.GetValue(_output),
        parsed.GetValue(_to) ?? [],
        parsed.GetValue(_html),
        parsed.GetValue(_inlineImages),
        parsed.GetValue(_foldCode));
}
