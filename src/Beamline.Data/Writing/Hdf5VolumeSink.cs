using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Beamline.Data.Writing;

/// <summary>HDF5 in the Data Exchange manner: /exchange/data [z, y, x] float32 with its units (and /exchange/theta for projections), and the history under /process.</summary>
internal sealed class Hdf5VolumeSink : VolumeSink
{
    private readonly FileStream _file;
    private readonly H5NativeWriter _writer;
    private readonly H5Dataset<float[]> _data;
    private readonly float[] _slice;
    private bool _closed;

    internal Hdf5VolumeSink(string path, VolumeHeader header)
        : base(header)
    {
        // Contiguous: any block is one read, and a slice needs no chunk of its own.
        _data = new H5Dataset<float[]>(fileDims: [(ulong)header.Slices, (ulong)header.Rows, (ulong)header.Columns])
        {
            Attributes = new()
            {
                ["units"] = header.Quantity.Unit ?? "",
                ["axes"] = header.AnglesDegrees is null ? "z:y:x" : "theta:y:x",
                ["description"] = header.Quantity.Name ?? "",
            },
        };
        if (header.VoxelSize is { } size)
        {
            _data.Attributes["voxel_size"] = new[] { size.Z.Meters, size.Y.Meters, size.X.Meters };
            _data.Attributes["voxel_size_units"] = "m";
        }

        var exchange = new H5Group { ["data"] = _data };
        if (header.AnglesDegrees is { } angles)
        {
            exchange["theta"] = new H5Dataset(angles.ToArray()) { Attributes = new() { ["units"] = "degrees" } };
        }

        var file = new H5File
        {
            ["implements"] = "exchange:process",
            ["exchange"] = exchange,
            ["process"] = new H5Group { ["name"] = "Beamline", ["provenance"] = header.ProvenanceJson() },
        };
        _slice = new float[checked(header.Rows * header.Columns)];

        // A stream of our own: PureHDF leaves its file open when the last bytes do not fit on the disk.
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        try
        {
            _writer = file.BeginWrite(_file);
        }
        catch
        {
            OutputFailures.CloseQuietly(_file);
            throw;
        }
    }

    internal override void WriteSlice(int z, ReadOnlySpan<float> values)
    {
        values.CopyTo(_slice);
        _writer.Write(
            _data,
            _slice,
            fileSelection: new HyperslabSelection(3, [(ulong)z, 0, 0], [1, (ulong)Header.Rows, (ulong)Header.Columns]));
    }

    internal override void Finish()
    {
        _writer.Dispose();
        _file.Dispose();
        _closed = true;
    }

    public override void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            OutputFailures.CloseQuietly(_writer);
            OutputFailures.CloseQuietly(_file);
        }
    }
}
