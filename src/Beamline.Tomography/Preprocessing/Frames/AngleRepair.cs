namespace Beamline.Tomography.Preprocessing;

/// <summary>Fills bad values of each column between the nearest good angles.</summary>
internal static class AngleRepair
{
    /// <summary>Says how many values were bad; a column without any good value stays as it is.</summary>
    internal static int Apply(SinogramBlock sinogram, float ceiling)
    {
        var bad = 0;
        var line = new float[sinogram.Angles];
        for (var c = 0; c < sinogram.Columns; c++)
        {
            var any = false;
            for (var a = 0; a < line.Length; a++)
            {
                var value = sinogram.Values[(a * sinogram.Columns) + c];
                var good = float.IsFinite(value) && value < ceiling;
                line[a] = good ? value : float.NaN;
                any |= !good;
            }

            if (!any)
            {
                continue;
            }

            bad += NonFiniteRepair.Line(line);
            for (var a = 0; a < line.Length; a++)
            {
                sinogram.Values[(a * sinogram.Columns) + c] = line[a];
            }
        }

        return bad;
    }
}
