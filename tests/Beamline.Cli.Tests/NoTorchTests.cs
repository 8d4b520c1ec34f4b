namespace Beamline.Cli.Tests;

/// <summary>Networks on a machine where libtorch cannot be had: the cell says what to do, and all else goes on.</summary>
public sealed class NoTorchTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Cells =>
    [
        $"var stack = TomographyScan.Open(\"{Repository.PathOf("data-samples", "foam.h5").Replace('\\', '/')}\").Normalize().MinusLog();",
        "tag:raises-exception\nDenoiser.TrainNoise2Inverse(stack, RotationAxis.Middle(stack.ColumnCount), new Noise2InverseOptions { Slices = 1 })",
        "Reconstruction.Fbp(stack, RotationAxis.Middle(stack.ColumnCount)).SliceCount",
    ];

    [Fact]
    public void A_folder_without_the_library_is_named()
    {
        Directory.CreateDirectory(_folder["empty"]);
        var error = Error(new() { ["BEAMLINE_LIBTORCH"] = _folder["empty"] });
        Assert.Contains("BEAMLINE_LIBTORCH names", error, StringComparison.Ordinal);
        Assert.Contains("it is to be the folder 'lib' of libtorch", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_that_no_source_has_is_told_with_its_name_and_the_command()
    {
        File.WriteAllText(_folder["nuget.config"], "<configuration><packageSources><clear /></packageSources></configuration>");
        var error = Error(new()
        {
            ["NUGET_PACKAGES"] = _folder["packages"], ["HOME"] = _folder.Root, ["XDG_CACHE_HOME"] = _folder["cache"], ["BEAMLINE_LIBTORCH"] = "",
        });
        Assert.Contains("Networks need libtorch", error, StringComparison.Ordinal);
        Assert.Contains("beamline doctor --fix torch", error, StringComparison.Ordinal);
    }

    private string Error(Dictionary<string, string> environment)
    {
        TestNotebook.Write(_folder["a.ipynb"], Cells);
        Child.Run(_folder.Root, environment, "run", "a.ipynb").ExitedWith(0);
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Equal("48", TestNotebook.Text(done, 2));
        var (name, message, _) = TestNotebook.Error(done, 1)!.Value;
        Assert.Equal("TorchNotAvailableException", name);
        return message;
    }
}
