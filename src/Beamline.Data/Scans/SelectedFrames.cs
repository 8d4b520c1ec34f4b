namespace Beamline.Data.Scans;

/// <summary>Some frames of another source, in the order of a list: the projections among the frames of an NXtomo file.</summary>
internal sealed class SelectedFrames(FrameSource source, int[] indices)
    : FrameSource(source.Description, indices.Length, source.RowCount, source.ColumnCount, source.Type)
{
    internal override (int Frames, int Rows) UnpackedTogether => source.UnpackedTogether;

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var block = rowCount * ColumnCount;
        for (var done = 0; done < frameCount;)
        {
            // Neighbors in the file are read together.
            var run = 1;
            while (done + run < frameCount && indices[frameStart + done + run] == indices[frameStart + done] + run)
            {
                run++;
            }

            source.Read(indices[frameStart + done], run, rowStart, rowCount, destination.Slice(done * block, run * block));
            done += run;
        }
    }

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}
