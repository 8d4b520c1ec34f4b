namespace Beamline.Kernel.Tests;

public sealed class ParameterListTests
{
    [Fact]
    public void Names_types_defaults_and_comments_are_read()
    {
        const string Source = """
            // The file.
            // As the beamline wrote it.
            string data = "a, b.h5";
            int count = 2 * 3; // how many

            // About something else.

            double[] angles = [0, 1.5];
            /* A folder
             * for results. */
            string? folder;
            #!time
            var (a, b) = (1, 2);
            bool fast = true, loud = false; // both
            """;
        using var fixture = new RunnerFixture();
        var path = fixture.Notebook(Source);
        Assert.Empty(HeadlessRunner.Parameters(path, []));
        RunnerFixture.Tag(path, 1, "parameters");
        Assert.Equal(
        [
            new NotebookParameter("data", "string", "\"a, b.h5\"", "The file. As the beamline wrote it."),
            new NotebookParameter("count", "int", "2 * 3", "how many"),
            new NotebookParameter("angles", "double[]", "[0, 1.5]", ""),
            new NotebookParameter("folder", "string?", null, "A folder for results."),
            new NotebookParameter("fast", "bool", "true", "both"),
            new NotebookParameter("loud", "bool", "false", "both"),
        ], HeadlessRunner.Parameters(path, []));
        var python = fixture.Folder.Write("py.ipynb", """{"nbformat":4,"cells":[],"metadata":{"language_info":{"name":"python"}}}""");
        Assert.Throws<NotebookFormatException>(() => HeadlessRunner.Parameters(python, []));
    }
}
