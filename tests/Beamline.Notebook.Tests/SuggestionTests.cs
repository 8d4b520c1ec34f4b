namespace Beamline.Notebook.Tests;

public sealed class SuggestionTests
{
    private static readonly string[] Names = ["filter", "method", "iterations", "as"];

    [Theory]
    [InlineData("filter", "filter"), InlineData("fitler", "filter"), InlineData("filte", "filter"), InlineData("filterr", "filter")]
    [InlineData("FILTER", "filter"), InlineData("methd", "method"), InlineData("iteration", "iterations"), InlineData("sa", "as")]
    [InlineData("xyz", null), InlineData("temperature", null), InlineData("", null)]
    public void The_nearest_name_is_found_or_none(string written, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(written, Names));

    [Fact]
    public void A_swap_of_two_letters_is_one_mistake() =>
        // As two replacements it would be too far for a word of four letters.
        Assert.Equal("view", Suggestion.Nearest("veiw", ["vector", "view"]));

    [Fact]
    public void Of_equally_near_names_the_first_is_taken() => Assert.Equal("cat", Suggestion.Nearest("bat", ["cat", "rat"]));

    [Fact]
    public void There_may_be_no_names() => Assert.Null(Suggestion.Nearest("x", []));

    [Fact]
    public void The_question_has_the_prefix()
    {
        Assert.Equal(" Did you mean --filter?", Suggestion.DidYouMean("fliter", Names, "--"));
        Assert.Equal("", Suggestion.DidYouMean("temperature", Names));
    }
}
