namespace Beamline.Tomography.Operators;

/// <summary>
/// The inner loops of both directions. A pixel gathers from up to 16 angles, a ray from up to 16 lines of the image;
/// each such step reads two neighboring values with two weights, for all lanes. Implementations are empty structs used
/// as type arguments, one for each vector width.
/// </summary>
/// <remarks>
/// First the places and weights of some pixels or rays are written to memory, then their values are gathered.
/// Done in turn, the multiplications of one pixel fill the processor's queue, and the conversion of the next pixel's
/// places, a chain of some 40 cycles, begins only when they leave it (docs/adr/0033).
/// </remarks>
internal unsafe interface ISteps
{
    /// <summary>Steps of one pixel or ray that are placed together.</summary>
    const int Count = 16;

    /// <summary>Floats of one pixel's or ray's places: offsets (as integers), weights of the first and of the second value.</summary>
    const int Stride = 3 * Count;

    /// <summary>Where the rays of 16 angles through the pixels of a run hit the detector.</summary>
    static abstract void PlacePixels(RayTable table, in PixelRun run, float* places);

    /// <summary>Where the rays of a run cross 16 lines of the image.</summary>
    static abstract void PlaceRays(in RayRun run, float* places);

    /// <summary>
    /// Sums the steps of each of <paramref name="items"/> pixels or rays into its lanes at <paramref name="target"/>.
    /// </summary>
    /// <param name="origin">What the offsets count from, in floats.</param>
    /// <param name="apart">Floats from the first value of a step to the second.</param>
    /// <param name="places">Places of the items, one after the other.</param>
    /// <param name="items">Number of pixels or rays; they lie side by side.</param>
    /// <param name="steps">Steps of each, 1 to 16.</param>
    /// <param name="target">Lane 0 of the first item.</param>
    /// <param name="lanes">16 or 32.</param>
    /// <param name="onto">Whether to add to what is at the target, or to overwrite it.</param>
    static abstract void Gather(float* origin, long apart, float* places, int items, int steps, float* target, int lanes, bool onto);
}

/// <summary>Neighboring pixels of a row, seen from 16 angles. Offsets count from column -Pad of the first angle.</summary>
/// <param name="Count">Number of pixels.</param>
/// <param name="X">First pixel, from the middle of the image.</param>
/// <param name="Y">Row, from the middle of the image.</param>
/// <param name="FirstAngle">First of the angles.</param>
/// <param name="Origin">Column of the rotation axis, from column -Pad.</param>
/// <param name="Low">Rays beside the detector are taken to this column of zeros,</param>
/// <param name="High">or to this one.</param>
/// <param name="LaneShift">Logarithm of the lanes to base 2.</param>
/// <param name="RowStride">Floats from one angle to the next.</param>
internal readonly record struct PixelRun(
    int Count, float X, float Y, int FirstAngle, float Origin, float Low, float High, int LaneShift, int RowStride);

/// <summary>Neighboring rays of one angle on 16 lines of the image. Offsets count from a place on the first line.</summary>
/// <param name="Rays">How the rays of this angle run.</param>
/// <param name="First">First ray.</param>
/// <param name="Count">Number of rays.</param>
/// <param name="Line">First line.</param>
/// <param name="Place">Place that offsets count from: near the rays, so that offsets stay small in huge images.</param>
/// <param name="Size">Places on a line.</param>
/// <param name="StepMajor">Floats from one line to the next.</param>
/// <param name="StepMinor">Floats from one place on a line to the next.</param>
internal readonly record struct RayRun(RayLine Rays, int First, int Count, int Line, int Place, int Size, int StepMajor, int StepMinor);
