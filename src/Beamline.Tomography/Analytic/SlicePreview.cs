using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Analytic;

/// <summary>Takes slices out of a volume on its way, for whoever watches the run.</summary>
internal sealed class SlicePreview(string method, VolumeStore store, Quantity quantity, Length? pixel)
{
    /// <summary>The middle slice, or the nearest one of the slab that is at work.</summary>
    /// <param name="context">Whose job asks for previews.</param>
    /// <param name="firstSlice">The slab's first slice.</param>
    /// <param name="sliceCount">Slices of the slab.</param>
    /// <param name="rows">Rows that are made; the others are NaN.</param>
    /// <returns>A copy; null when nobody looks.</returns>
    internal Image? Make(RunContext context, int firstSlice, int sliceCount, int rows)
    {
        if (context.Job?.WantsPreview != true)
        {
            return null;
        }

        var slice = Math.Clamp(store.SliceCount / 2, firstSlice, firstSlice + sliceCount - 1);
        var size = store.ImageSize;
        var values = GC.AllocateUninitializedArray<float>(size * size);
        store.Read(slice, values.AsSpan(0, rows * size));
        values.AsSpan(rows * size).Fill(float.NaN);
        return new Image(size, size, values)
        {
            Quantity = quantity,
            PixelSizeX = pixel,
            PixelSizeY = pixel,
            Title = $"slice z = {slice}, {method}" + (rows < size ? $", {rows} of {size} rows" : ""),
        };
    }
}
