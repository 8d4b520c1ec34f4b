namespace Beamline.Data.Tests;

/// <summary>Moves the working folder of the process, so it runs alone.</summary>
[CollectionDefinition(nameof(WorkingFolderTests), DisableParallelization = true)]
public sealed class WorkingFolderCollection;

[Collection(nameof(WorkingFolderTests))]
public sealed class WorkingFolderTests
{
    [Fact]
    public void A_scan_opened_by_a_relative_path_outlives_a_change_of_the_working_folder()
    {
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory("beamline-cwd").FullName;
        try
        {
            Directory.SetCurrentDirectory(folder);
            Samples.Write("shepp-logan", "a.h5");
            using var scan = TomographyScan.Open("a.h5");
            Directory.SetCurrentDirectory(before);
            Assert.NotEmpty(scan.Metadata);
            Assert.Equal(scan.Frames.RowCount, scan.Frames.Projection(3).RowCount);
            Assert.Equal(scan.Frames.RowCount, scan.Flats!.Frame(0).RowCount);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }
}
