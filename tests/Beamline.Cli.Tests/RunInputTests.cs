namespace Beamline.Cli.Tests;

/// <summary>What is wrong before the first cell runs: exit code 2, one line that says what, nothing written.</summary>
public sealed class RunInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_notebook_that_is_not_there()
    {
        var ended = Child.Run(_folder.Root, "run", "missing.ipynb").ExitedWith(2);
        Assert.Equal("beamline run: There is no notebook missing.ipynb.\n", ended.Errors);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_file_that_is_not_JSON()
    {
        File.WriteAllText(_folder["a.ipynb"], "{ \"cells\": [,\n}");
        Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(2).SaysInErrors("a.ipynb is not a notebook: it is not JSON (line 1");
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void A_notebook_of_an_old_format_says_how_to_convert_it()
    {
        File.WriteAllText(_folder["old.ipynb"], """{"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[]}""");
        Child.Run(_folder.Root, "run", "old.ipynb").ExitedWith(2)
            .SaysInErrors("old.ipynb is of nbformat 3; 4 is needed", "jupyter nbconvert --to notebook --nbformat 4 ");
    }

    [Fact]
    public void A_Python_notebook_is_named_as_such()
    {
        var notebook = TestNotebook.Json("print(1)");
        notebook["metadata"]!["kernelspec"]!["language"] = "python";
        notebook["metadata"]!["kernelspec"]!["display_name"] = "Python 3";
        File.WriteAllText(_folder["py.ipynb"], notebook.ToJsonString());
        Child.Run(_folder.Root, "run", "py.ipynb").ExitedWith(2).SaysInErrors("py.ipynb is a notebook in python, not C#", "Python 3");
        Assert.Equal(["py.ipynb"], _folder.Names);
    }

    [Theory]
    [InlineData("--device", "gpu", "'gpu' is not a device. Devices are auto, cpu, cuda and cuda:N")]
    [InlineData("--memory-limit", "lots", "'lots' is not a size. Write for instance 512MB or 2GiB")]
    [InlineData("--memory-limit", "0", "'0' is not a size")]
    [InlineData("--cell-timeout", "soon", "'soon' is not a time above 0. Write seconds, or for instance 90s, 5m, 2h")]
    [InlineData("--total-timeout", "0", "'0' is not a time above 0")]
    public void Options_that_cannot_be_read(string option, string value, string message)
    {
        TestNotebook.Write(_folder["a.ipynb"], "1");
        var ended = Child.Run(_folder.Root, "run", "a.ipynb", option, value).ExitedWith(2).SaysInErrors(message);
        Assert.DoesNotContain("Usage:", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void A_device_that_this_machine_does_not_have()
    {
        TestNotebook.Write(_folder["a.ipynb"], "1");
        Child.Run(_folder.Root, "run", "a.ipynb", "--device", "cuda:99").ExitedWith(2).SaysInErrors("beamline run: ", "cuda:99");
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file()
    {
        TestNotebook.Write(_folder["a.ipynb"], "1");
        Directory.CreateDirectory(_folder["done"]);
        Child.Run(_folder.Root, "run", "a.ipynb", "-o", "done").ExitedWith(2).SaysInErrors("done", "it is a folder");
        Child.Run(_folder.Root, "run", "a.ipynb", "--cwd", "nowhere").ExitedWith(2).SaysInErrors("There is no folder", "nowhere");
    }

    [Fact]
    public void An_unknown_magic_suggests_the_nearest()
    {
        TestNotebook.Write(_folder["a.ipynb"], "#!recno x --as y");
        var ended = Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(1)
            .SaysInErrors("There is no magic command #!recno. Did you mean #!recon? #!lsmagic lists all.");
        Assert.Contains("Cell 1 failed", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(["a.executed.ipynb", "a.ipynb"], _folder.Names);
    }

    [Fact]
    public void A_command_that_does_not_exist_and_an_option_that_does_not_exist()
    {
        Child.Run(_folder.Root, "smaple").ExitedWith(2).SaysInErrors("'smaple'", "'beamline --help' shows what can be given.");
        TestNotebook.Write(_folder["a.ipynb"], "1");
        var ended = Child.Run(_folder.Root, "run", "a.ipynb", "--memory-limti", "2GB").ExitedWith(2)
            .SaysInErrors("--memory-limti", "'beamline run --help' shows what can be given.");
        Assert.DoesNotContain("Usage:", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void Without_arguments_the_commands_are_listed()
    {
        var ended = Child.Run(_folder.Root).ExitedWith(0);
        foreach (var command in new[] { "run", "sample", "doctor" })
        {
            Assert.Contains($"\n  {command} ", ended.Output, StringComparison.Ordinal);
        }
    }
}
