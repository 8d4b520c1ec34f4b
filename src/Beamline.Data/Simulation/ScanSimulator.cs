using Beamline.Compute;
using Beamline.Data.Writing;
using PureHDF;
using PureHDF.Filters;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Beamline.Data.Simulation;

/// <summary>Records a scan of a specimen with known line integrals, as a beamline would write it.</summary>
public static class ScanSimulator
{
    /// <summary>
    /// Writes a Data Exchange file of 16-bit counts: /exchange/data, data_white, data_dark and theta, with the truth (axis column,
    /// attenuation values, seed) under /measurement/simulation. The counts depend only on the specimen and the options.
    /// </summary>
    /// <param name="specimen">What is in the beam.</param>
    /// <param name="options">How it is recorded.</param>
    /// <param name="path">The .h5 file; its folder must exist.</param>
    /// <exception cref="DataFormatException">The folder is missing or cannot be written, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static void Write(Specimen specimen, AcquisitionOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var target = new AtomicPath(path);
        try
        {
            WriteFile(specimen, options, target.TemporaryPath);
            target.Commit();
        }
        catch (Exception e) when (OutputFailures.Explain(path, e) is not null)
        {
            throw OutputFailures.Explain(path, e)!;
        }
    }

    private static void WriteFile(Specimen specimen, AcquisitionOptions options, string path)
    {
        var data = Frames(options, options.AngleCount, "projections");
        var exchange = new H5Group { ["data"] = data };
        var flats = options.FlatCount > 0 ? Frames(options, options.FlatCount, "flats: beam without sample") : null;
        var darks = options.DarkCount > 0 ? Frames(options, options.DarkCount, "darks: no beam") : null;
        if (flats is not null)
        {
            exchange["data_white"] = flats;
        }

        if (darks is not null)
        {
            exchange["data_dark"] = darks;
        }

        var angles = options.ToAnglesDegrees();
        exchange["theta"] = new H5Dataset(angles) { Attributes = new() { ["units"] = "degrees" } };
        var file = new H5File
        {
            ["implements"] = "exchange:measurement",
            ["exchange"] = exchange,
            ["measurement"] = Measurement(specimen, options),
        };

        var detector = new SimulatedDetector(options);
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        using var writer = file.BeginWrite(stream);
        WriteProjections(writer, data, specimen, options, detector, angles);
        WriteReferences(writer, flats, options.FlatCount, options, detector.ExposeFlat);
        WriteReferences(writer, darks, options.DarkCount, options, detector.ExposeDark);
    }

    private delegate void Exposure(int index, Span<ushort> counts);

    private static void WriteProjections(
        H5NativeWriter writer,
        H5Dataset<ushort[]> data,
        Specimen specimen,
        AcquisitionOptions options,
        SimulatedDetector detector,
        double[] angles)
    {
        var run = RunContext.Current;
        var counts = new ushort[checked(options.Rows * options.Columns)];
        var integrals = new double[checked(counts.Length * options.SubRays * options.SubRays)];
        for (var i = 0; i < angles.Length; i++)
        {
            run.Report("simulate", (double)i / angles.Length, $"projection {i} of {angles.Length}");
            var (sin, cos) = PortableMath.SinCosDegrees(angles[i]);
            var rays = new RayGrid(sin, cos, options.Rows, options.Columns, options.AxisColumn, options.SubRays);
            specimen.Project(rays, integrals);
            detector.Expose(i, rays, integrals, counts);
            WriteFrame(writer, data, i, counts, options);
        }
    }

    private static void WriteReferences(
        H5NativeWriter writer, H5Dataset<ushort[]>? frames, int count, AcquisitionOptions options, Exposure expose)
    {
        var counts = new ushort[options.Rows * options.Columns];
        for (var i = 0; frames is not null && i < count; i++)
        {
            expose(i, counts);
            WriteFrame(writer, frames, i, counts, options);
        }
    }

    private static void WriteFrame(
        H5NativeWriter writer, H5Dataset<ushort[]> frames, int index, ushort[] counts, AcquisitionOptions options) =>
        writer.Write(
            frames,
            counts,
            fileSelection: new HyperslabSelection(3, [(ulong)index, 0, 0], [1, (ulong)options.Rows, (ulong)options.Columns]));

    private static H5Dataset<ushort[]> Frames(AcquisitionOptions options, int count, string description) => new(
        fileDims: [(ulong)count, (ulong)options.Rows, (ulong)options.Columns],
        chunks: [1, (uint)options.Rows, (uint)options.Columns],
        datasetCreation: new H5DatasetCreation(Filters: [ShuffleFilter.Id, DeflateFilter.Id]))
    {
        Attributes = new() { ["units"] = "counts", ["axes"] = "theta:y:x", ["description"] = description },
    };

    private static H5Group Measurement(Specimen specimen, AcquisitionOptions options)
    {
        var simulation = new H5Group
        {
            ["software"] = "Beamline simulator 1",
            ["seed"] = options.Seed,
            ["rotation_axis_column"] = new H5Dataset(options.AxisColumn) { Attributes = new() { ["units"] = "pixels" } },
            ["center_offset"] = new H5Dataset(options.CenterOffsetPixels) { Attributes = new() { ["units"] = "pixels" } },
            ["flat_counts"] = options.Counts,
            ["ring_columns"] = options.RingColumns,
        };
        foreach (var (name, value) in specimen.Truth)
        {
            simulation[name] = value;
        }

        var detector = new H5Group { ["manufacturer"] = "simulated" };
        if (options.PixelSize is { } size)
        {
            detector["pixel_size"] = new H5Dataset(size.Meters) { Attributes = new() { ["units"] = "m" } };
        }

        return new H5Group
        {
            ["sample"] = new H5Group { ["name"] = specimen.Name },
            ["instrument"] = new H5Group { ["name"] = "Beamline simulator", ["detector"] = detector },
            ["simulation"] = simulation,
        };
    }
}
