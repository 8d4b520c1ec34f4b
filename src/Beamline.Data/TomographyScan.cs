using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Scans;

namespace Beamline.Data;

/// <summary>
/// A tomography scan in a file (or a folder of files), seen lazily: opening reads only headers, and frames are read when
/// a block of them is asked for. Reads may come from several threads at once.
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class TomographyScan : IDisposable
{
    private readonly ScanParts _parts;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _metadata;

    internal TomographyScan(ScanParts parts)
    {
        _parts = parts;
        _metadata = new(parts.ReadMetadata);
        Frames = new SourceProjectionStack(parts.Frames, parts.AnglesDegrees, new FrameWatch(parts.Source, parts.Frames.Type))
        {
            PixelSize = parts.PixelSize,
            Quantity = Quantity.Counts,
            Provenance = parts.Provenance,
        };
        Flats = parts.Flats is null ? null : new ReferenceFrames(parts.Flats);
        Darks = parts.Darks is null ? null : new ReferenceFrames(parts.Darks);
    }

    /// <summary>The projections [angle, row, column] in detector counts, lazy, 32-bit floats whatever the file's type.</summary>
    public ProjectionStack Frames { get; }

    /// <summary>Frames without the sample; null when the scan has none.</summary>
    public ReferenceFrames? Flats { get; }

    /// <summary>Frames without the beam; null when the scan has none.</summary>
    public ReferenceFrames? Darks { get; }

    /// <summary>One angle in degrees for each projection.</summary>
    public IReadOnlyList<double> AnglesDegrees => Frames.AnglesDegrees;

    /// <summary>Edge of a detector pixel at the sample; null when not known.</summary>
    public Length? PixelSize => Frames.PixelSize;

    /// <summary>Full path of the file, folder or pattern.</summary>
    public string Source => _parts.Source;

    /// <summary>How it was opened; null for a scan that is still being recorded.</summary>
    internal ScanOptions? OpenedWith { get; private init; }

    /// <summary>How the numbers are stored in the file, for instance uint16.</summary>
    public ElementType StoredType => _parts.Frames.Type;

    /// <summary>Single values and attributes that the file holds beside the images, as text by path. Read on first use.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata.Value;

    /// <summary>Which file this is: its size and time of change, not a hash, because hashing a terabyte is not lazy.</summary>
    public Provenance Provenance => Frames.Provenance;

    /// <summary>What is strange about the scan although it could be opened: angles out of order or repeated. Empty when all is well.</summary>
    public IReadOnlyList<string> Warnings => _parts.Warnings;

    /// <summary>
    /// Opens a scan. Kinds: HDF5 (Data Exchange; NXtomo; other layouts with the paths in the options), TIFF (a multi-page file,
    /// a folder, or a pattern such as "scan/*.tif" with one page a file, in the order of the numbers in the names),
    /// npy [angle, row, column], MATLAB up to version 7.2 (a sinogram or stack and its angles), MRC with its .rawtlt or .tlt, Zeiss XRM and
    /// TXRM, Zarr of version 2 or 3, and bare numbers with <see cref="ScanOptions.Raw"/>.
    /// </summary>
    /// <param name="path">The file, folder or pattern; relative paths start at the current directory.</param>
    /// <param name="options">What the file does not say itself; may be null.</param>
    /// <exception cref="DataFormatException">The file is missing, damaged, of another kind, or its parts do not fit together.</exception>
    public static TomographyScan Open(string path, ScanOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new ScanOptions();
        return new TomographyScan(ScanOpener.Open(path, options)) { OpenedWith = options };
    }

    /// <summary>
    /// Reads every projection once and lists those with NaN or infinite values, saturated ones and blank ones. (Frames that are read for a
    /// computation are looked at as well, and a warning names the bad ones.)
    /// </summary>
    /// <param name="context">Cancellation and progress; null takes the ambient one.</param>
    /// <exception cref="DataFormatException">A projection cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public FrameCheck CheckFrames(RunContext? context = null) => FrameCheck.Of(_parts.Frames, context ?? RunContext.Current);

    /// <summary>Closes the file. Stacks made from the scan cannot be read afterwards.</summary>
    public void Dispose()
    {
        Frames.Dispose();
        _parts.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"TomographyScan {Path.GetFileName(Path.TrimEndingDirectorySeparator(Source))}: {Frames.AngleCount} angles x " +
        $"{Frames.RowCount} rows x {Frames.ColumnCount} columns {StoredType}, " +
        $"{AnglesDegrees[0]:0.###}° to {AnglesDegrees[^1]:0.###}°, {Flats?.FrameCount ?? 0} flats, {Darks?.FrameCount ?? 0} darks" +
        (PixelSize is { } size ? $", pixel {size}" : "") +
        string.Concat(Warnings.Select(w => $"{Environment.NewLine}  Note: {w}"));
}
