using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Operators;

/// <summary>Sizes that both kernels need. Offsets count floats from the start of a buffer, padding included.</summary>
internal readonly struct KernelShape(
    int lanes, int angles, int columns, int imageSize, int bandRows, int firstRow, long sinogramStride, long sinogramOrigin,
    long imageStride, long imageOrigin, float axis)
{
    internal readonly int Lanes = lanes;
    internal readonly int Angles = angles;
    internal readonly int Columns = columns;
    internal readonly int ImageSize = imageSize;
    internal readonly int BandRows = bandRows;
    internal readonly int FirstRow = firstRow;
    internal readonly long SinogramStride = sinogramStride;
    internal readonly long SinogramOrigin = sinogramOrigin;
    internal readonly long ImageStride = imageStride;
    internal readonly long ImageOrigin = imageOrigin;
    internal readonly float Axis = axis;
}

/// <summary>
/// The GPU kernels: one thread makes one value, the slice index is fastest, so that neighboring threads read
/// neighboring floats and a warp shares index and weight.
/// </summary>
internal static class IlgpuKernels
{
    /// <summary>Gathers the rays through one pixel of one slice.</summary>
    internal static void Backproject(
        Index1D thread,
        ArrayView1D<float, Stride1D.Dense> sinogram,
        ArrayView1D<float, Stride1D.Dense> rays,
        ArrayView1D<float, Stride1D.Dense> image,
        int paddedAngles,
        KernelShape shape)
    {
        int lane = thread % shape.Lanes;
        int pixel = thread / shape.Lanes;
        int x = pixel % shape.ImageSize;
        int y = pixel / shape.ImageSize;
        float middle = (shape.ImageSize - 1) * 0.5f;
        float fx = x - middle;
        float fy = shape.FirstRow + y - middle;
        float sum = 0;
        for (int a = 0; a < shape.Angles; a++)
        {
            float t = (fx * rays[a]) + ((fy * rays[paddedAngles + a]) + shape.Axis);
            // Beside the detector lie columns of zeros.
            t = IntrinsicMath.Max(-1f, IntrinsicMath.Min(t, shape.Columns));
            int column = (int)(t + 2f) - 2;
            float f = t - column;
            float inverseWidth = rays[(2 * paddedAngles) + a];
            float scale = rays[(3 * paddedAngles) + a];
            float left = scale * IntrinsicMath.Max(0f, 1f - (f * inverseWidth));
            float right = scale * IntrinsicMath.Max(0f, 1f - ((1f - f) * inverseWidth));
            long at = shape.SinogramOrigin + (a * shape.SinogramStride) + ((long)column * shape.Lanes) + lane;
            sum += (left * sinogram[at]) + (right * sinogram[at + shape.Lanes]);
        }

        image[shape.ImageOrigin + (y * shape.ImageStride) + ((long)x * shape.Lanes) + lane] = sum;
    }

    /// <summary>Follows one ray through one slice (Joseph).</summary>
    internal static void Forward(
        Index1D thread,
        ArrayView1D<float, Stride1D.Dense> image,
        ArrayView1D<float, Stride1D.Dense> rays,
        ArrayView1D<float, Stride1D.Dense> sinogram,
        int paddedAngles,
        KernelShape shape)
    {
        int lane = thread % shape.Lanes;
        int ray = thread / shape.Lanes;
        int d = ray % shape.Columns;
        int a = ray / shape.Columns;
        float cos = rays[a];
        float sin = rays[paddedAngles + a];
        bool alongY = IntrinsicMath.Abs(cos) >= IntrinsicMath.Abs(sin);
        float major = alongY ? cos : sin;
        float minor = alongY ? sin : cos;
        long stepMajor = alongY ? shape.ImageStride : shape.Lanes;
        long stepMinor = alongY ? shape.Lanes : shape.ImageStride;
        float middle = (shape.ImageSize - 1) * 0.5f;
        float u0 = ((d - shape.Axis + (middle * minor)) / major) + middle;
        float slope = -minor / major;
        float sum = 0;
        for (int j = 0; j < shape.ImageSize; j++)
        {
            float u = IntrinsicMath.Max(-1f, IntrinsicMath.Min(u0 + (slope * j), shape.ImageSize));
            int i = (int)(u + 2f) - 2;
            float f = u - i;
            long at = shape.ImageOrigin + (j * stepMajor) + (i * stepMinor) + lane;
            sum += ((1f - f) * image[at]) + (f * image[at + stepMinor]);
        }

        sinogram[shape.SinogramOrigin + (a * shape.SinogramStride) + ((long)d * shape.Lanes) + lane] =
            sum / IntrinsicMath.Abs(major);
    }
}
