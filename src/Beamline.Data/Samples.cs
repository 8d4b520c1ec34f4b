using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Data;

/// <summary>A small scan that the simulator makes.</summary>
/// <param name="Name">Its name, for instance "foam".</param>
/// <param name="Description">What it shows.</param>
/// <param name="Specimen">What was in the beam; its true slices come from it.</param>
/// <param name="Acquisition">How it was recorded; holds the true axis and the seed.</param>
public sealed record Sample(string Name, string Description, Specimen Specimen, AcquisitionOptions Acquisition)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Description} ({Acquisition.AngleCount} angles x {Acquisition.Rows} rows x {Acquisition.Columns} columns)";
}

/// <summary>
/// Small scans to try things on. They are simulated, so their truth is known; the same name gives the same counts on every
/// machine (same bytes where the deflate library is the same).
/// </summary>
public static class Samples
{
    private static readonly Lazy<IReadOnlyList<Sample>> Known = new(Make);

    /// <summary>The samples.</summary>
    public static IReadOnlyList<Sample> All => Known.Value;

    /// <summary>The sample of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is no such sample.</exception>
    public static Sample Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var names = All.Select(s => s.Name).ToList();
        return All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ??
            throw new ArgumentException(
                $"There is no sample '{name}'. Samples are {string.Join(", ", names)}.{Nearest.DidYouMean(name, names)}", nameof(name));
    }

    /// <summary>Makes a sample and writes it as a Data Exchange file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="path">The .h5 file; its folder must exist. An existing file is replaced.</param>
    /// <exception cref="ArgumentException">There is no such sample.</exception>
    /// <exception cref="DataFormatException">The folder is missing or cannot be written, or the disk is full.</exception>
    public static void Write(string name, string path)
    {
        var sample = Find(name);
        ScanSimulator.Write(sample.Specimen, sample.Acquisition, path);
    }

    private static IReadOnlyList<Sample> Make() =>
    [
        new Sample(
            "foam",
            "porous cylinder with noise, uneven beam, a few rings and an axis off the middle",
            new FoamPhantom(new FoamOptions
            {
                CylinderRadius = 82,
                HalfHeight = 34,
                Attenuation = 0.012,
                PoreCount = 170,
                SmallestRadius = 2.5,
                LargestRadius = 17,
                Seed = 20260101,
            }),
            new AcquisitionOptions
            {
                AngleCount = 180,
                Rows = 48,
                Columns = 192,
                SubRays = 2,
                CenterOffsetPixels = 3.4,
                Counts = 12000,
                Unevenness = 0.35,
                DarkCounts = 96,
                RingColumns = 5,
                RingStrength = 0.03,
                FlatCount = 10,
                DarkCount = 10,
                PixelSize = Length.FromMicrometers(1.5),
                Seed = 20260102,
            }),
        new Sample(
            "shepp-logan",
            "Shepp-Logan head (modified, values x 0.02 for each pixel), the same in every row, with noise",
            Phantom.SheppLogan(128).Scaled(0.02),
            new AcquisitionOptions
            {
                AngleCount = 120,
                Rows = 8,
                Columns = 128,
                SubRays = 4,
                Counts = 30000,
                Unevenness = 0.2,
                DarkCounts = 64,
                FlatCount = 5,
                DarkCount = 5,
                PixelSize = Length.FromMicrometers(2),
                Seed = 20260103,
            }),
    ];
}
