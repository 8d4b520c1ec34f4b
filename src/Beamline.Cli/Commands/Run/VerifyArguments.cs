using System.CommandLine;
using System.Globalization;
using Beamline.Kernel;

namespace Beamline.Cli.Commands;

/// <summary>The options of <c>beamline run</c> that compare new outputs with stored ones.</summary>
internal sealed class VerifyArguments
{
    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Compare the new outputs with those that the notebook holds; a difference is exit code 1. " +
            "Cells tagged nondeterministic or verify-skip are not compared.",
    };

    private readonly Option<double?> _numbers = Number(
        "--verify-tolerance", "With --verify: numbers in text, HTML and JSON may differ by this part, for instance 1e-6; 0 (exact) when not given.", double.MaxValue);

    private readonly Option<double?> _images = Number(
        "--verify-images", "With --verify: pictures may differ by this root mean square, as a part of the full scale; 0.01 when not given.", 1);

    internal void AddTo(Command command)
    {
        command.Options.Add(_verify);
        command.Options.Add(_numbers);
        command.Options.Add(_images);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(_verify) && (result.GetResult(_numbers) is not null || result.GetResult(_images) is not null))
            {
                result.AddError("--verify-tolerance and --verify-images need --verify.");
            }
        });
    }

    internal VerifyOptions? Of(ParseResult parsed) => !parsed.GetValue(_verify) ? null : new VerifyOptions
    {
        NumberTolerance = parsed.GetValue(_numbers) ?? 0,
        ImageTolerance = parsed.GetValue(_images) ?? new VerifyOptions().ImageTolerance,
    };

    private static Option<double?> Number(string name, string description, double most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= most)
            {
                return value;
            }

            result.AddError($"'{text}' is not a tolerance. Write a number from 0{(most > 1 ? "" : " to 1")}, for instance 1e-6.");
            return null;
        },
    };
}
