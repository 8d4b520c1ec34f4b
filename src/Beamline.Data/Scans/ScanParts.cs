using Beamline.Arrays;

namespace Beamline.Data.Scans;

/// <summary>What an opener found: the frames, checked to fit together.</summary>
internal sealed class ScanParts : IDisposable
{
    internal ScanParts(string source, FrameSource frames, FrameSource? flats, FrameSource? darks, double[] anglesDegrees)
    {
        (Source, Frames, Flats, Darks, AnglesDegrees) = (source, frames, flats, darks, anglesDegrees);
    }

    internal string Source { get; }

    internal FrameSource Frames { get; }

    internal FrameSource? Flats { get; }

    internal FrameSource? Darks { get; }

    internal double[] AnglesDegrees { get; }

    internal Length? PixelSize { get; init; }

    internal Func<IReadOnlyDictionary<string, string>> ReadMetadata { get; init; } = () => new Dictionary<string, string>();

    /// <summary>What to close with the scan beside the sources, for instance the pool of file handles.</summary>
    internal IDisposable? Owner { get; init; }

    internal Provenance Provenance { get; init; } = Provenance.None;

    /// <summary>What the opener wants to be known.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is strange about the scan but does not keep it from opening.</summary>
    internal IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Throws when flats, darks or angles do not fit the frames.</summary>
    internal ScanParts Verified(ScanOptions options)
    {
        Fits(Flats, "flat");
        Fits(Darks, "dark");
        if (AnglesDegrees.Length != Frames.FrameCount)
        {
            throw new DataFormatException(
                Source,
                $"{Frames} has {Frames.FrameCount} projections, but there are {AnglesDegrees.Length} angles. " +
                "Give one angle for each projection: ScanOptions.AnglesDegrees, or ScanOptions.AngleRange with start and step.");
        }

        for (var i = 0; i < AnglesDegrees.Length; i++)
        {
            if (!double.IsFinite(AnglesDegrees[i]))
            {
                throw new DataFormatException(
                    Source, $"angle {i} is {AnglesDegrees[i]}. Give the right angles with ScanOptions.AnglesDegrees.");
            }
        }

        if (options.AngleUnit is null && AngleChecks.LikeRadians(AnglesDegrees) is { } problem)
        {
            throw new DataFormatException(Source, problem);
        }

        Warnings = [.. Notes, .. AngleChecks.Strange(AnglesDegrees)];
        return this;
    }

    /// <summary>The first step of the history: which file, how large, changed when.</summary>
    internal static Provenance Opened(string path, string dataset)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? Provenance.None.Then(
                "open",
                ("file", file.Name),
                ("dataset", dataset),
                ("bytes", file.Length.ToString()),
                ("modifiedUtc", file.LastWriteTimeUtc.ToString("yyyy-MM-ddTHH:mm:ssZ")))
            : Provenance.None.Then("open", ("file", Path.GetFileName(path)), ("dataset", dataset));
    }

    public void Dispose()
    {
        Frames.Dispose();
        Flats?.Dispose();
        Darks?.Dispose();
        Owner?.Dispose();
    }

    private void Fits(FrameSource? reference, string what)
    {
        if (reference is not null && (reference.RowCount != Frames.RowCount || reference.ColumnCount != Frames.ColumnCount))
        {
            throw new DataFormatException(
                Source,
                $"the {what}s {reference} do not fit the projections {Frames}: " +
                $"{reference.RowCount} rows x {reference.ColumnCount} columns against {Frames.RowCount} x {Frames.ColumnCount}. " +
                "Were they taken with another binning or region of the detector?");
        }
    }
}
