namespace Beamline.Data.Simulation;

/// <summary>
/// Something whose line integrals are known from formulas, so that it can be put into a simulated beam:
/// a <see cref="Phantom"/> (the same in every slice) or a <see cref="FoamPhantom"/>.
/// </summary>
public abstract class Specimen
{
    private protected Specimen()
    {
    }

    /// <summary>What the specimen is, for the file that is written.</summary>
    internal abstract string Name { get; }

    /// <summary>Numbers that a reconstruction should find again, by name.</summary>
    internal abstract IReadOnlyDictionary<string, double> Truth { get; }

    /// <summary>
    /// Adds up the attenuation along each ray of one projection.
    /// </summary>
    /// <param name="rays">Where the rays are.</param>
    /// <param name="integrals">Result [row ray, column ray], in value times pixels; overwritten.</param>
    internal abstract void Project(in RayGrid rays, Span<double> integrals);
}

/// <summary>The rays of one projection: several in each detector pixel, evenly spread.</summary>
/// <param name="Sin">Sine of the angle.</param>
/// <param name="Cos">Cosine of the angle.</param>
/// <param name="Rows">Detector rows.</param>
/// <param name="Columns">Detector columns.</param>
/// <param name="AxisColumn">Column of the rotation axis.</param>
/// <param name="SubRays">Rays along each edge of a pixel.</param>
internal readonly record struct RayGrid(double Sin, double Cos, int Rows, int Columns, double AxisColumn, int SubRays)
{
    internal int RayRows => Rows * SubRays;

    internal int RayColumns => Columns * SubRays;

    /// <summary>Distance of a ray from the axis, in pixels.</summary>
    internal double S(int rayColumn) => ((rayColumn + 0.5) / SubRays) - 0.5 - AxisColumn;

    /// <summary>Height of a ray below the middle row, in pixels.</summary>
    internal double Z(int rayRow) => ((rayRow + 0.5) / SubRays) - 0.5 - ((Rows - 1) / 2.0);

    /// <summary>Rays whose distance from the axis is within a range.</summary>
    internal (int First, int Last) ColumnsWithin(double low, double high) => (
        Math.Max(0, (int)Math.Floor(((low + AxisColumn + 0.5) * SubRays) - 0.5)),
        Math.Min(RayColumns - 1, (int)Math.Ceiling(((high + AxisColumn + 0.5) * SubRays) - 0.5)));

    /// <summary>Rays whose height is within a range.</summary>
    internal (int First, int Last) RowsWithin(double low, double high) => (
        Math.Max(0, (int)Math.Floor(((low + ((Rows - 1) / 2.0) + 0.5) * SubRays) - 0.5)),
        Math.Min(RayRows - 1, (int)Math.Ceiling(((high + ((Rows - 1) / 2.0) + 0.5) * SubRays) - 0.5)));
}
