using System.Text.RegularExpressions;

namespace Beamline.Notebook.Tests;

/// <summary>A command writes C#, and that C# is what runs.</summary>
public sealed class CodeMagicTests
{
    private static readonly ReconMagic Magic = new();

    private static async Task<FakeNotebook> Run(string line, FakeNotebook? notebook = null, ReconMagic? magic = null)
    {
        notebook ??= new FakeNotebook().With("projections", 1);
        magic ??= Magic;
        await magic.InvokeAsync(MagicParser.Parse(line, magic.Descriptor), notebook);
        return notebook;
    }

    [Fact]
    public async Task The_written_code_runs_and_its_result_is_named_timed_and_shown()
    {
        var notebook = await Run("#!recon @projections");
        Assert.Equal(["var volume = Reconstruct(projections);"], notebook.Ran);
        Assert.Matches(new Regex(@"^volume = Volume float32 2x3x4 in \d+ ms$"), Assert.Single(notebook.Lines));
        // The variable itself is shown, not what the last statement gave.
        Assert.Equal(["Volume float32 2x3x4"], notebook.Shown);
    }

    [Fact]
    public async Task Quiet_shows_nothing_but_says_what_was_done()
    {
        var notebook = await Run("#!recon projections --quiet");
        Assert.Single(notebook.Ran);
        Assert.Single(notebook.Lines);
        Assert.Empty(notebook.Shown);
    }

    [Fact]
    public async Task Show_code_prints_exactly_what_would_run_and_does_nothing()
    {
        var notebook = await Run("#!recon projections --show-code --note \"a \\ b\"");
        Assert.Equal(["var volume = Reconstruct(projections, \"a \\\\ b\");"], notebook.Lines);
        Assert.Empty(notebook.Ran);
        Assert.Empty(notebook.Shown);
        var ran = await Run("#!recon projections --note \"a \\ b\"");
        Assert.Equal(notebook.Lines, ran.Ran);
    }

    [Fact]
    public async Task Help_is_printed_and_nothing_runs_even_without_the_input()
    {
        var notebook = await Run("#!recon --help", new FakeNotebook());
        var help = Assert.Single(notebook.Lines);
        Assert.StartsWith("Reconstruct.\n#!recon INPUT", help);
        Assert.False(help.EndsWith('\n'));
        Assert.Empty(notebook.Ran);
    }

    [Fact]
    public async Task Without_a_named_result_the_value_of_the_code_is_shown()
    {
        var notebook = await Run("#!recon projections", magic: new ReconMagic { NamesNoResult = true });
        Assert.Equal(["value of the last expression"], notebook.Shown);
        Assert.Empty(notebook.Lines);
    }

    [Fact]
    public async Task A_missing_variable_is_named_with_the_nearest_and_all()
    {
        var notebook = new FakeNotebook().With("projections", 1).With("axis", 2);
        var error = await Assert.ThrowsAsync<MagicException>(() => Run("#!recon @projektions", notebook));
        Assert.Equal("There is no variable projektions. Did you mean projections? Variables: projections, axis.", error.Message);
        Assert.Empty(notebook.Ran);
    }

    [Fact]
    public async Task A_missing_variable_in_an_empty_notebook_says_that_there_is_none_yet()
    {
        var error = await Assert.ThrowsAsync<MagicException>(() => Run("#!recon projections", new FakeNotebook()));
        Assert.Contains("No cell has declared one yet.", error.Message);
    }

    [Fact]
    public async Task An_error_of_the_code_comes_through_and_nothing_is_shown()
    {
        var notebook = new FakeNotebook { Failure = new InvalidDataException("frame 7 is unreadable") }.With("projections", 1);
        await Assert.ThrowsAsync<InvalidDataException>(() => Run("#!recon projections", notebook));
        Assert.Empty(notebook.Shown);
        Assert.Empty(notebook.Lines);
    }

    [Fact]
    public async Task A_text_with_quotes_becomes_one_literal()
    {
        var notebook = await Run("#!recon projections --note 'say \"hi\"'");
        Assert.Equal("var volume = Reconstruct(projections, \"say \\\"hi\\\"\");", notebook.Ran[0]);
    }
}
