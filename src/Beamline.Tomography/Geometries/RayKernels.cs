using ILGPU;
using ILGPU.Runtime;

namespace Beamline.Tomography.Geometries;

/// <summary>Forward projection and its transpose on a GPU: one thread makes one value; see <see cref="RayTables"/> for the tables.</summary>
internal static class RayKernels
{
    /// <summary>Follows one ray that stays in its slice, for one slice.</summary>
    internal static void ForwardSlices(
        Index1D thread, ArrayView1D<float, Stride1D.Dense> volume, ArrayView1D<float, Stride1D.Dense> views,
        ArrayView1D<float, Stride1D.Dense> planar, ArrayView1D<float, Stride1D.Dense> rays, RayKernelShape shape)
    {
        int lane = thread % shape.Lanes;
        int ray = thread / shape.Lanes;
        bool alongY = planar[4 * ray] > 0.5f;
        float first = planar[(4 * ray) + 1];
        float slope = planar[(4 * ray) + 2];
        long stepMajor = alongY ? shape.VolumeStride : shape.VolumeRun;
        long stepMinor = alongY ? shape.VolumeRun : shape.VolumeStride;
        float sum = 0;
        for (int j = 0; j < shape.Size; j++)
        {
            float u = first + (slope * j);
            if (u > -1f && u < shape.Size)
            {
                int left = (int)(u + 1f) - 1;
                float f = u - left;
                long at = shape.VolumeOrigin + (j * stepMajor) + (left * stepMinor) + lane;
                if (left >= 0)
                {
                    sum += (1f - f) * volume[at];
                }

                if (left + 1 < shape.Size)
                {
                    sum += f * volume[at + stepMinor];
                }
            }
        }

        int view = ray / shape.Columns;
        int column = ray % shape.Columns;
        rays[shape.RayOrigin + (view * shape.RayStride) + ((long)column * shape.RayRun) + lane] = sum * planar[(4 * ray) + 3];
    }

    /// <summary>Gathers the rays that touch one pixel of one slice.</summary>
    internal static void AdjointSlices(
        Index1D thread, ArrayView1D<float, Stride1D.Dense> rays, ArrayView1D<float, Stride1D.Dense> views,
        ArrayView1D<float, Stride1D.Dense> planar, ArrayView1D<float, Stride1D.Dense> volume, RayKernelShape shape)
    {
        int lane = thread % shape.Lanes;
        int pixel = thread / shape.Lanes;
        int x = pixel % shape.Size;
        int y = pixel / shape.Size;
        float middle = (shape.Columns - 1) * 0.5f;
        float sum = 0;
        for (int view = 0; view < shape.Views; view++)
        {
            int t = view * RayTables.Fields;
            float least = shape.Columns;
            float most = -1f;
            for (int corner = 0; corner < 4; corner++)
            {
                float cx = x + ((corner & 1) * 2f) - 1f;
                float cy = y + ((corner >> 1) * 2f) - 1f;
                float across = (views[t + 12] * cx) + (views[t + 13] * cy) + views[t + 15];
                float depth = (views[t + 20] * cx) + (views[t + 21] * cy) + views[t + 23];
                // A corner beside the source may be seen by any column.
                float c = across / depth;
                if (shape.IsCurved != 0)
                {
                    c = middle + (shape.PerRadian * ILGPU.Algorithms.XMath.Atan2(across, depth));
                }

                least = IntrinsicMath.Min(least, depth > 0f ? c : 0f);
                most = IntrinsicMath.Max(most, depth > 0f ? c : shape.Columns);
            }

            int from = (int)IntrinsicMath.Max(0f, least - 0.01f);
            int to = (int)IntrinsicMath.Min(shape.Columns - 1f, most + 1.01f);
            for (int column = from; column <= to; column++)
            {
                int ray = 4 * ((view * shape.Columns) + column);
                bool alongY = planar[ray] > 0.5f;
                float u = planar[ray + 1] + (planar[ray + 2] * (alongY ? y : x));
                float weight = 1f - IntrinsicMath.Abs(u - (alongY ? x : y));
                if (weight > 0f)
                {
                    sum += weight * planar[ray + 3] * rays[shape.RayOrigin + (view * shape.RayStride) + ((long)column * shape.RayRun) + lane];
                }
            }
        }

        volume[shape.VolumeOrigin + (y * shape.VolumeStride) + ((long)x * shape.VolumeRun) + lane] = sum;
    }

    /// <summary>Follows one ray through a volume.</summary>
    internal static void ForwardVolume(
        Index1D thread, ArrayView1D<float, Stride1D.Dense> volume, ArrayView1D<float, Stride1D.Dense> views,
        ArrayView1D<float, Stride1D.Dense> planar, ArrayView1D<float, Stride1D.Dense> rays, RayKernelShape shape)
    {
        int row = thread % shape.Rows;
        int column = thread / shape.Rows % shape.Columns;
        int view = thread / shape.Rows / shape.Columns;
        Walk walk = WalkOf(views, view, row, column, shape);
        int lines = walk.Axis == 2 ? shape.Slices : shape.Size;
        int vEnd = walk.Axis == 2 ? shape.Size : shape.Slices;
        long stepMajor = walk.Axis == 1 ? shape.VolumeStride : walk.Axis == 0 ? shape.VolumeRun : 1;
        long stepU = walk.Axis == 0 ? shape.VolumeStride : shape.VolumeRun;
        long stepV = walk.Axis == 2 ? shape.VolumeStride : 1;
        float sum = 0;
        for (int j = 0; j < lines; j++)
        {
            float u = walk.U0 + (walk.Du * j);
            float v = walk.V0 + (walk.Dv * j);
            if (u > -1f && u < shape.Size && v > -1f && v < vEnd)
            {
                int iu = (int)(u + 1f) - 1;
                int iv = (int)(v + 1f) - 1;
                float fu = u - iu;
                float fv = v - iv;
                long at = shape.VolumeOrigin + (j * stepMajor) + (iu * stepU) + (iv * stepV);
                float here = 0;
                if (iu >= 0 && iv >= 0)
                {
                    here += (1f - fu) * (1f - fv) * volume[at];
                }

                if (iu + 1 < shape.Size && iv >= 0)
                {
                    here += fu * (1f - fv) * volume[at + stepU];
                }

                if (iu >= 0 && iv + 1 < vEnd)
                {
                    here += (1f - fu) * fv * volume[at + stepV];
                }

                if (iu + 1 < shape.Size && iv + 1 < vEnd)
                {
                    here += fu * fv * volume[at + stepU + stepV];
                }

                sum += here;
            }
        }

        rays[shape.RayOrigin + (view * shape.RayStride) + ((long)column * shape.RayRun) + row] = sum * walk.Length;
    }

    /// <summary>Gathers the rays that touch one voxel.</summary>
    internal static void AdjointVolume(
        Index1D thread, ArrayView1D<float, Stride1D.Dense> rays, ArrayView1D<float, Stride1D.Dense> views,
        ArrayView1D<float, Stride1D.Dense> planar, ArrayView1D<float, Stride1D.Dense> volume, RayKernelShape shape)
    {
        int z = thread % shape.Slices;
        int x = thread / shape.Slices % shape.Size;
        int y = thread / shape.Slices / shape.Size;
        float sum = 0;
        for (int view = 0; view < shape.Views; view++)
        {
            int t = view * RayTables.Fields;
            float leastColumn = shape.Columns;
            float mostColumn = -1f;
            float leastRow = shape.Rows;
            float mostRow = -1f;
            for (int corner = 0; corner < 8; corner++)
            {
                float cx = x + ((corner & 1) * 2f) - 1f;
                float cy = y + (((corner >> 1) & 1) * 2f) - 1f;
                float cz = z + ((corner >> 2) * 2f) - 1f;
                float depth = Plane(views, t + 20, cx, cy, cz);
                float c = Plane(views, t + 12, cx, cy, cz) / depth;
                float r = Plane(views, t + 16, cx, cy, cz) / depth;
                leastColumn = IntrinsicMath.Min(leastColumn, depth > 0f ? c : 0f);
                mostColumn = IntrinsicMath.Max(mostColumn, depth > 0f ? c : shape.Columns);
                leastRow = IntrinsicMath.Min(leastRow, depth > 0f ? r : 0f);
                mostRow = IntrinsicMath.Max(mostRow, depth > 0f ? r : shape.Rows);
            }

            int fromColumn = (int)IntrinsicMath.Max(0f, leastColumn - 0.01f);
            int toColumn = (int)IntrinsicMath.Min(shape.Columns - 1f, mostColumn + 1.01f);
            int fromRow = (int)IntrinsicMath.Max(0f, leastRow - 0.01f);
            int toRow = (int)IntrinsicMath.Min(shape.Rows - 1f, mostRow + 1.01f);
            for (int column = fromColumn; column <= toColumn; column++)
            {
                for (int row = fromRow; row <= toRow; row++)
                {
                    Walk walk = WalkOf(views, view, row, column, shape);
                    float line = walk.Axis == 1 ? y : walk.Axis == 0 ? x : z;
                    float u = walk.Axis == 0 ? y : x;
                    float v = walk.Axis == 2 ? y : z;
                    float weight = IntrinsicMath.Max(0f, 1f - IntrinsicMath.Abs(walk.U0 + (walk.Du * line) - u)) *
                        IntrinsicMath.Max(0f, 1f - IntrinsicMath.Abs(walk.V0 + (walk.Dv * line) - v));
                    if (weight > 0f)
                    {
                        sum += weight * walk.Length * rays[shape.RayOrigin + (view * shape.RayStride) + ((long)column * shape.RayRun) + row];
                    }
                }
            }
        }

        volume[shape.VolumeOrigin + (y * shape.VolumeStride) + ((long)x * shape.VolumeRun) + z] = sum;
    }

    private static float Plane(ArrayView1D<float, Stride1D.Dense> views, int at, float x, float y, float z) =>
        (views[at] * x) + (views[at + 1] * y) + (views[at + 2] * z) + views[at + 3];

    private static Walk WalkOf(ArrayView1D<float, Stride1D.Dense> views, int view, int row, int column, RayKernelShape shape)
    {
        int t = view * RayTables.Fields;
        float px = views[t + 3] + (views[t + 6] * column) + (views[t + 9] * row);
        float py = views[t + 4] + (views[t + 7] * column) + (views[t + 10] * row);
        float pz = views[t + 5] + (views[t + 8] * column) + (views[t + 11] * row);
        float dx = views[t];
        float dy = views[t + 1];
        float dz = views[t + 2];
        if (shape.IsParallel == 0)
        {
            dx = px - dx;
            dy = py - dy;
            dz = pz - dz;
        }

        float ax = IntrinsicMath.Abs(dx);
        float ay = IntrinsicMath.Abs(dy);
        float az = IntrinsicMath.Abs(dz);
        float norm = ILGPU.Algorithms.XMath.Sqrt((dx * dx) + (dy * dy) + (dz * dz));
        if (ay >= ax && ay >= az)
        {
            return new Walk(1, px - (py / dy * dx), dx / dy, pz - (py / dy * dz), dz / dy, norm / ay);
        }

        if (ax >= az)
        {
            return new Walk(0, py - (px / dx * dy), dy / dx, pz - (px / dx * dz), dz / dx, norm / ax);
        }

        return new Walk(2, px - (pz / dz * dx), dx / dz, py - (pz / dz * dy), dy / dz, norm / az);
    }

    private readonly struct Walk(int axis, float u0, float du, float v0, float dv, float length)
    {
        internal readonly int Axis = axis;
        internal readonly float U0 = u0;
        internal readonly float Du = du;
        internal readonly float V0 = v0;
        internal readonly float Dv = dv;
        internal readonly float Length = length;
    }
}
