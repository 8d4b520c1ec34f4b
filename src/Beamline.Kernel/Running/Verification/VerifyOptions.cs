namespace Beamline.Kernel;

/// <summary>How new outputs are compared with stored ones.</summary>
public sealed record VerifyOptions
{
    /// <summary>Tag of cells whose outputs are not compared: times, addresses, random numbers.</summary>
    public const string NondeterministicTag = "nondeterministic";

    /// <summary>Another tag for the same.</summary>
    public const string SkipTag = "verify-skip";

    /// <summary>
    /// Numbers in text, HTML and JSON may differ by this part of the larger one, 0 or more; 0 compares text exactly.
    /// </summary>
    public double NumberTolerance
    {
        get;
        init => field = double.IsFinite(value) && value >= 0
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerance is 0 or more.");
    }

    /// <summary>Pictures may differ by this root mean square, as a part of the full scale of a channel, 0 to 1.</summary>
    public double ImageTolerance
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The tolerance for pictures is from 0 to 1.");
    } = 0.01;
}

/// <summary>An output that is not what the notebook holds.</summary>
/// <param name="Cell">Number of the cell, from 1, counting all cells.</param>
/// <param name="Output">Number of the output in its cell, from 1, streams of one name counting as one; 0 for the cell as a whole.</param>
/// <param name="Kind">Its kind: stdout, stderr, error, or a MIME type.</param>
/// <param name="Text">What differs.</param>
public sealed record OutputDifference(int Cell, int Output, string Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Output == 0 ? $"cell {Cell}: {Text}" : $"cell {Cell}, output {Output} ({Kind}): {Text}";
}
