namespace Beamline.Cli.Tests;

/// <summary>A disk that fills up: the message says so, and no half-written file stays.</summary>
public sealed class FullDiskTests
{
    private const string Noise = """
        var random = new Random(1);
        var memory = ArrayMemory.Allocate<float>(64 * 64 * 128);
        for (var i = 0; i < memory.Length; i++) memory.Span(i, 1)[0] = random.NextSingle();
        var volume = new Volume(128, 64, 64, memory);
        """;

    [Theory]
    [InlineData("volume.h5")]
    [InlineData("volume.tif")]
    [InlineData("volume.npy")]
    [InlineData("volume.raw")]
    public void Saving_a_volume(string name)
    {
        using var disk = new SmallDisk();
        using var folder = new TestFolder();
        TestNotebook.Write(folder["a.ipynb"], Noise, $"volume.Save(\"{disk.Root}/{name}\");");
        Child.Run(folder.Root, "run", "a.ipynb").ExitedWith(1).SaysInErrors("Cell 2 failed", name, "full");
        Assert.Empty(TestFolder.NamesIn(disk.Root));
        Assert.Equal(["a.executed.ipynb", "a.ipynb"], folder.Names);
    }

    [Fact]
    public void Saving_the_executed_notebook_and_the_page()
    {
        using var disk = new SmallDisk();
        using var folder = new TestFolder();
        TestNotebook.Write(folder["a.ipynb"], "Console.WriteLine(new string('x', 900_000));", "Console.WriteLine(new string('y', 900_000));");
        var notebook = Child.Run(folder.Root, "run", "a.ipynb", "-o", Path.Combine(disk.Root, "done.ipynb")).ExitedWith(2);
        notebook.SaysInErrors("done.ipynb", "No space left on device");

        // What was saved before the last cell is whole, and says that the run was not through.
        Assert.Equal(["done.ipynb"], TestFolder.NamesIn(disk.Root));
        var saved = TestNotebook.Read(Path.Combine(disk.Root, "done.ipynb"));
        Assert.StartsWith("xxx", TestNotebook.Text(saved, 0), StringComparison.Ordinal);
        Assert.Equal("running", (string?)saved["metadata"]!["beamline"]!["run"]!["state"]);
        File.Delete(Path.Combine(disk.Root, "done.ipynb"));
        var page = Child.Run(folder.Root, "run", "a.ipynb", "-o", "done.ipynb", "--html", Path.Combine(disk.Root, "a.html")).ExitedWith(2);
        page.SaysInErrors("the page could not be written", "a.html", "No space left on device");
        Assert.Empty(TestFolder.NamesIn(disk.Root));
        Assert.Equal(["a.ipynb", "done.ipynb"], folder.Names);
    }
}
