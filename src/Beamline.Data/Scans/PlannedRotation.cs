using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>The angles that APS tomoscan meant to take: start and step, for Data Exchange files without /exchange/theta.</summary>
internal static class PlannedRotation
{
    private const string Group = "/process/acquisition/rotation/";

    /// <summary>The angles and where they are from; null when the file does not say.</summary>
    internal static (double[] Degrees, string Note)? Of(Hdf5HandlePool pool, int frames)
    {
        if (One(pool, "rotation_start") is not { } start || One(pool, "rotation_step") is not { } step || step == 0)
        {
            return null;
        }

        return (
            new AngleRange(start, step).ToDegrees(frames),
            $"/exchange/theta is not in the file; the angles are the planned ones ({Group}rotation_start {start:0.####}° and rotation_step {step:0.######}°), " +
            "not measured ones.");
    }

    private static double? One(Hdf5HandlePool pool, string name) =>
        pool.Use(h => h.Exists(Group + name)) && new Hdf5Dataset(pool, Group + name).ReadDoubles() is [var value, ..] && double.IsFinite(value)
            ? value
            : null;
}
