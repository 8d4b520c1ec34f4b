using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>The matrices of all views as columns of floats, padded to full vectors, with the weight of each view in a backprojection.</summary>
internal sealed unsafe class ViewTable : IDisposable
{
    internal const int Fields = 13;
    private const int Vector = 16;
    private readonly ArrayMemory<float> _memory;

    internal ViewTable(VectorGeometry geometry, int rows, ReadOnlySpan<double> weights)
    {
        Count = geometry.ViewCount;
        PaddedCount = (Count + Vector - 1) / Vector * Vector;
        _memory = ArrayMemory.Allocate<float>((long)Fields * PaddedCount);
        (RowsAreSlices, IsCurved) = (geometry.IsSliceWise, geometry.IsCurved);
        Matrices = new ViewMatrix[Count];
        var isVertical = true;
        for (var i = 0; i < PaddedCount; i++)
        {
            // Beyond the last view rays fall beside the detector.
            var m = i < Count ? ViewMatrix.Of(geometry, geometry.Views[i]) : new ViewMatrix(default, -1, default, -1, default, 1);
            if (i < Count)
            {
                Matrices[i] = m;
            }

            isVertical &= Math.Abs(m.U.Z) < 1e-12 && Math.Abs(m.D.Z) < 1e-12;
            float[] values =
            [
                (float)m.U.X, (float)m.U.Y, (float)m.U.Z, (float)m.U0, (float)m.V.X, (float)m.V.Y, (float)m.V.Z, (float)m.V0,
                (float)m.D.X, (float)m.D.Y, (float)m.D.Z, (float)m.D0, i < Count ? (float)weights[i] : 0,
            ];
            for (var f = 0; f < Fields; f++)
            {
                _memory.Pointer[((long)f * PaddedCount) + i] = values[f];
            }
        }

        IsVertical = isVertical || RowsAreSlices;
        if (IsCurved)
        {
            var view = geometry.Views[0];
            PerRadian = (view.Detector - view.Source).Norm / view.Column.Norm;
            MiddleColumn = (geometry.ColumnCount - 1) / 2.0;
        }
    }

    internal int Count { get; }

    internal int PaddedCount { get; }

    internal ViewMatrix[] Matrices { get; }

    /// <summary>Whether column and depth of a point do not depend on its slice.</summary>
    internal bool IsVertical { get; }

    /// <summary>Whether each detector row is the slice of the same number.</summary>
    internal bool RowsAreSlices { get; }

    internal bool IsCurved { get; }

    /// <summary>Columns for each radian on a curved detector.</summary>
    internal double PerRadian { get; }

    internal double MiddleColumn { get; }

    internal long FloatCount => _memory.Length;

    /// <summary>Fields in the order Ux Uy Uz U0 Vx Vy Vz V0 Dx Dy Dz D0 weight.</summary>
    internal float* Field(int index) => _memory.Pointer + ((long)index * PaddedCount);

    internal float Weight(int view) => Field(12)[view];

    public void Dispose() => _memory.Dispose();
}
