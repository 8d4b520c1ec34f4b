using Beamline.Arrays;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Extension.Tests;

/// <summary>What a cell shows of arrays that are no good.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void A_volume_of_NaN_says_so()
    {
        using var volume = Filled(6, 7, 8, float.NaN);
        Assert.Contains("no finite value", Shown(volume));
    }

    [Fact]
    public void A_volume_of_one_value_shows_that_value()
    {
        using var volume = Filled(6, 7, 8, 2.5f);
        Assert.Contains("range [2.5, 2.5]", Shown(volume));
    }

    [Fact]
    public void A_volume_of_one_slice_is_shown()
    {
        using var volume = Filled(1, 20, 30, 1);
        Assert.Contains("Volume float32 1x20x30", Shown(volume));
    }

    [Theory]
    [InlineData(0, 4, 4)]
    [InlineData(4, 0, 4)]
    [InlineData(4, 4, 0)]
    public void A_volume_of_no_size_cannot_be_made(int slices, int rows, int columns) =>
        Assert.Contains("0", Assert.ThrowsAny<ArgumentException>(() => new Volume(slices, rows, columns)).Message);

    [Fact]
    public void A_volume_of_3_GB_is_previewed_from_its_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-sparse-{Guid.NewGuid():N}.raw");
        try
        {
            // Sparse: the file takes no room on the disk until it is written to.
            using var memory = ArrayMemory.CreateMapped<float>(path, 930L * 930 * 930);
            using var volume = new Volume(930, 930, 930, memory);
            volume[465, 465, 465] = 7;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var text = Shown(volume);
            Assert.Contains("930x930x930", text);
            Assert.Contains("range of the shown planes [0, 7]", text);
            Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 1_000_000_000, "A preview must not load the volume.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Volume Filled(int slices, int rows, int columns, float value)
    {
        var volume = new Volume(slices, rows, columns);
        for (var z = 0; z < slices; z++)
        {
            for (var y = 0; y < rows; y++)
            {
                volume.Row(z, y).Fill(value);
            }
        }

        return volume;
    }

    private static string Shown(Volume volume)
    {
        var bundle = Registered.Instance.FormatterOf(typeof(Volume)).Format(volume);
        Assert.Contains("data:image/png", (string)bundle.Parts[MimeTypes.Html]);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], ((byte[])bundle.Parts[MimeTypes.Png])[..4]);
        return (string)bundle.Parts[MimeTypes.Text];
    }
}
