using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Hdf5;
using Beamline.Data.Scans;
using Beamline.Data.Tiff;
using Beamline.Data.Writing;

namespace Beamline.Data;

/// <summary>
/// Saves projections that were worked on and opens them again with their angles, unit and history: <c>stack.Save("clean.h5")</c>,
/// <c>ProjectionStack.Open("clean.h5")</c>. What a beamline wrote is opened by <see cref="TomographyScan.Open"/>.
/// </summary>
public static class ProjectionFiles
{
    private const string Data = "/exchange/data";
    private const string Theta = "/exchange/theta";

    extension(ProjectionStack stack)
    {
        /// <summary>
        /// Writes the projections as 32-bit floats, one after the other. Kind by extension: .h5 (Data Exchange), .tif, or a folder name ending
        /// in "/". The file appears when it is complete; a failure or cancellation leaves what was there before.
        /// </summary>
        /// <param name="path">Where to; the folder must exist.</param>
        /// <exception cref="DataFormatException">The kind has no place for angles, the folder is missing or cannot be written, or the disk is full.</exception>
        /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
        public void Save(string path)
        {
            ArgumentNullException.ThrowIfNull(stack);
            var run = RunContext.Current;
            using var writer = ProjectionWriter.Create(
                path, stack.AnglesDegrees, stack.RowCount, stack.ColumnCount, stack.Quantity, stack.PixelSize, stack.Provenance);
            var values = new float[checked(stack.RowCount * stack.ColumnCount)];
            for (var i = 0; i < stack.AngleCount; i++)
            {
                run.Report("save", (double)i / stack.AngleCount, $"projection {i} of {stack.AngleCount}");
                stack.Read(new StackRegion(i, 1, 0, stack.RowCount), values);
                writer.Write(i, values);
            }

            run.Report("save", 1);
            writer.Complete();
        }

        /// <summary>Opens projections that <c>Save</c> wrote; they are read when they are asked for. Dispose it to close the file.</summary>
        /// <param name="path">The .h5 or .tif file, or the folder.</param>
        /// <exception cref="DataFormatException">It is missing, damaged, or holds no angles.</exception>
        public static ProjectionStack Open(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return Directory.Exists(path) || VolumeKind.Of(path) == ".tif" ? OpenTiff(path) : OpenHdf5(path);
        }
    }

    private static FileProjectionStack OpenHdf5(string path)
    {
        VolumeHeader header;
        using (var file = Hdf5File.Open(path))
        {
            header = Hdf5Volume.Header(file, Data) with
            {
                AnglesDegrees = file.Exists(Theta) ? file.ReadDoubles(Theta) : throw NoAngles(path),
            };
        }

        var pool = new Hdf5HandlePool(path);
        try
        {
            return new FileProjectionStack(new Hdf5FrameSource(new Hdf5Dataset(pool, Data)), Checked(header, path), pool);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    private static FileProjectionStack OpenTiff(string path)
    {
        var files = FileList.Expand(path);
        using var first = TiffFile.Open(files[0]);
        var source = TiffFrameSource.Open(files);
        try
        {
            var header = new VolumeHeader(source.FrameCount, source.RowCount, source.ColumnCount).WithJson(first.Description());
            return new FileProjectionStack(source, Checked(header, path), source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static VolumeHeader Checked(VolumeHeader header, string path)
    {
        var angles = header.AnglesDegrees ?? throw NoAngles(path);
        return angles.Count == header.Slices && angles.All(double.IsFinite)
            ? header
            : throw new DataFormatException(path, $"there are {header.Slices} projections and {angles.Count(double.IsFinite)} angles that are numbers: the file is not complete.");
    }

    private static DataFormatException NoAngles(string path) =>
        new(path, "it says no angles, so that Beamline did not save it as projections. Open another program's scan with TomographyScan.Open, a volume with Volume.Open.");
}
