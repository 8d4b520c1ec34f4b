namespace Beamline.Display;

/// <summary>What the viewer of a volume begins with.</summary>
public enum ViewMode
{
    /// <summary>Three linked slices, and the volume in three dimensions beside them.</summary>
    Slices,

    /// <summary>Three dimensions alone: the largest value on each line of sight (maximum intensity projection).</summary>
    Mip,

    /// <summary>Three dimensions alone: the surface of one value, which Otsu's method chooses to begin with.</summary>
    Iso,

    /// <summary>Three dimensions alone: values as fog, denser where they are high (direct volume rendering).</summary>
    Dvr,
}
