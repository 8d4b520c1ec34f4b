using Beamline.Arrays;

namespace Beamline.Data.Simulation;

/// <summary>A ball of constant value that adds to what it lies in, in pixels from the axis and the middle row.</summary>
/// <param name="X">Center to the right of the axis, in pixels.</param>
/// <param name="Y">Center below the axis in the slice, in pixels.</param>
/// <param name="Z">Center below the middle slice, in pixels.</param>
/// <param name="Radius">Radius in pixels.</param>
/// <param name="Value">What it adds; a pore takes away what the solid has.</param>
public readonly record struct Ball(double X, double Y, double Z, double Radius, double Value);

/// <summary>How a foam is made.</summary>
public sealed record FoamOptions
{
    /// <summary>Radius of the cylinder of solid, in pixels; positive.</summary>
    public double CylinderRadius { get; init; } = 80;

    /// <summary>Half of the height that pores fill above and below the middle slice, in pixels; positive.</summary>
    public double HalfHeight { get; init; } = 40;

    /// <summary>Attenuation of the solid for each pixel length; positive.</summary>
    public double Attenuation { get; init; } = 0.012;

    /// <summary>Number of pores wanted, 0 or more; fewer when no room is left.</summary>
    public int PoreCount { get; init; } = 140;

    /// <summary>Smallest radius of a pore in pixels; positive.</summary>
    public double SmallestRadius { get; init; } = 3;

    /// <summary>Largest radius of a pore in pixels; at least the smallest.</summary>
    public double LargestRadius { get; init; } = 16;

    /// <summary>Seed of the random places; the same seed gives the same foam on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        if (!(CylinderRadius > 0) || !(HalfHeight > 0) || !(Attenuation > 0) || PoreCount < 0 ||
            !(SmallestRadius > 0) || !(LargestRadius >= SmallestRadius) || LargestRadius >= CylinderRadius)
        {
            throw new ArgumentException(
                $"{this} makes no foam: lengths and attenuation are positive, and the largest pore is smaller than the cylinder.");
        }
    }
}

/// <summary>A cylinder of solid with round pores that do not touch: a foam whose line integrals are known exactly.</summary>
public sealed class FoamPhantom : Specimen
{
    /// <summary>Makes a foam: large pores first, each where it touches no other.</summary>
    /// <param name="options">Size, number of pores and seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options make no foam.</exception>
    public FoamPhantom(FoamOptions? options = null)
    {
        Options = options ?? new FoamOptions();
        Options.Validate();
        Pores = PlacePores(Options);
    }

    /// <summary>What it was made from.</summary>
    public FoamOptions Options { get; }

    /// <summary>Radius of the cylinder in pixels.</summary>
    public double CylinderRadius => Options.CylinderRadius;

    /// <summary>Attenuation of the solid for each pixel length; pores and surroundings have 0.</summary>
    public double Attenuation => Options.Attenuation;

    /// <summary>The pores; their values are minus the solid's.</summary>
    public IReadOnlyList<Ball> Pores { get; }

    internal override string Name => $"foam: cylinder with {Pores.Count} pores, seed {Options.Seed}";

    internal override IReadOnlyDictionary<string, double> Truth => new Dictionary<string, double>
    {
        ["attenuation_of_solid_per_pixel"] = Attenuation,
        ["attenuation_of_pores_per_pixel"] = 0,
        ["cylinder_radius_pixels"] = CylinderRadius,
        ["pore_count"] = Pores.Count,
    };

    /// <summary>The true slice that a reconstruction of one detector row should give.</summary>
    /// <param name="row">Detector row.</param>
    /// <param name="rows">Number of detector rows; the middle of the foam is at (rows - 1) / 2.</param>
    /// <param name="size">Edge of the square slice in pixels.</param>
    /// <param name="subPixels">Points along each edge of a voxel over which it is averaged, 1 or more.</param>
    /// <returns>The slice [y, x], in attenuation for each pixel length.</returns>
    public Image Slice(int row, int rows, int size, int subPixels = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfLessThan(subPixels, 1);
        var image = new Image(size, size) { Quantity = Quantity.AttenuationPerPixel, Title = $"foam, row {row}" };
        var middle = (size - 1) / 2.0;
        var z = row - ((rows - 1) / 2.0);
        var near = Pores.Where(p => Math.Abs(p.Z - z) <= p.Radius + 1).ToArray();
        var points = new double[subPixels];
        for (var i = 0; i < subPixels; i++)
        {
            points[i] = ((i + 0.5) / subPixels) - 0.5;
        }

        for (var y = 0; y < size; y++)
        {
            var close = near.Where(p => Math.Abs(p.Y - (y - middle)) <= p.Radius + 1).ToArray();
            for (var x = 0; x < size; x++)
            {
                var solid = 0;
                foreach (var dz in points)
                {
                    foreach (var dy in points)
                    {
                        foreach (var dx in points)
                        {
                            solid += IsSolid(x - middle + dx, y - middle + dy, z + dz, close) ? 1 : 0;
                        }
                    }
                }

                image[y, x] = (float)(Attenuation * solid / (subPixels * subPixels * subPixels));
            }
        }

        return image;
    }

    internal override void Project(in RayGrid rays, Span<double> integrals)
    {
        var width = rays.RayColumns;
        for (var ray = 0; ray < width; ray++)
        {
            var s = rays.S(ray);
            var rest = (CylinderRadius * CylinderRadius) - (s * s);
            integrals[ray] = rest > 0 ? 2 * Attenuation * Math.Sqrt(rest) : 0;
        }

        for (var row = 1; row < rays.RayRows; row++)
        {
            integrals[..width].CopyTo(integrals[(row * width)..]);
        }

        foreach (var pore in Pores)
        {
            var center = (pore.X * rays.Cos) + (pore.Y * rays.Sin);
            var (top, bottom) = rays.RowsWithin(pore.Z - pore.Radius, pore.Z + pore.Radius);
            var (left, right) = rays.ColumnsWithin(center - pore.Radius, center + pore.Radius);
            for (var row = top; row <= bottom; row++)
            {
                var dz = rays.Z(row) - pore.Z;
                var restOfRow = (pore.Radius * pore.Radius) - (dz * dz);
                for (var ray = left; ray <= right; ray++)
                {
                    var ds = rays.S(ray) - center;
                    var rest = restOfRow - (ds * ds);
                    if (rest > 0)
                    {
                        integrals[(row * width) + ray] += 2 * pore.Value * Math.Sqrt(rest);
                    }
                }
            }
        }
    }

    private static List<Ball> PlacePores(FoamOptions options)
    {
        const int TriesForEach = 400;
        const double Wall = 0.75;
        var random = new SimulationRandom(options.Seed);
        var pores = new List<Ball>();
        for (var i = 0; i < options.PoreCount; i++)
        {
            // From large to small, or the small ones would take the room.
            var part = options.PoreCount == 1 ? 0 : i / (options.PoreCount - 1.0);
            var radius = options.LargestRadius - ((options.LargestRadius - options.SmallestRadius) * Math.Sqrt(part));
            for (var attempt = 0; attempt < TriesForEach; attempt++)
            {
                var x = random.NextBetween(-options.CylinderRadius, options.CylinderRadius);
                var y = random.NextBetween(-options.CylinderRadius, options.CylinderRadius);
                var z = random.NextBetween(-options.HalfHeight, options.HalfHeight);
                var room = options.CylinderRadius - radius - Wall;
                if (room > 0 && (x * x) + (y * y) <= room * room && pores.TrueForAll(p => Apart(p, x, y, z, radius + Wall)))
                {
                    pores.Add(new Ball(x, y, z, radius, -options.Attenuation));
                    break;
                }
            }
        }

        return pores;
    }

    private static bool Apart(Ball pore, double x, double y, double z, double radius)
    {
        var (dx, dy, dz) = (pore.X - x, pore.Y - y, pore.Z - z);
        var distance = pore.Radius + radius;
        return (dx * dx) + (dy * dy) + (dz * dz) >= distance * distance;
    }

    private bool IsSolid(double x, double y, double z, Ball[] pores)
    {
        if ((x * x) + (y * y) > CylinderRadius * CylinderRadius)
        {
            return false;
        }

        foreach (var pore in pores)
        {
            var (dx, dy, dz) = (x - pore.X, y - pore.Y, z - pore.Z);
            if ((dx * dx) + (dy * dy) + (dz * dz) < pore.Radius * pore.Radius)
            {
                return false;
            }
        }

        return true;
    }
}
