namespace Beamline.Compute.Tests;

/// <summary>Rates outlive the program that measured them, and never stand in its way.</summary>
public sealed class MeasuredRatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-rates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_saved_is_found_in_the_file_and_nothing_else_is_left()
    {
        var folder = Path.Combine(_folder, "new", "folder");
        var rates = MeasuredRates.In(folder);
        Assert.Null(rates.Find("a"));
        rates.Set("a", 1.5e9);
        rates.Save();
        Assert.Equal(1.5e9, rates.Find("a"));
        Assert.Same(rates, MeasuredRates.In(folder));
        Assert.Contains("\"a\": 1.5E+09", File.ReadAllText(Path.Combine(folder, "rates.json")), StringComparison.OrdinalIgnoreCase);
        Assert.Single(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Rates_of_another_program_are_read_and_kept()
    {
        Write("""{ "version": 1, "rates": { "theirs": 2e6, "bad": -1 } }""");
        var rates = MeasuredRates.In(_folder);
        Assert.Equal(2e6, rates.Find("theirs"));
        Assert.Null(rates.Find("bad"));
        // Another program adds one meanwhile.
        Write("""{ "version": 1, "rates": { "theirs": 2e6, "later": 3e6 } }""");
        rates.Set("mine", 4e6);
        rates.Save();
        var text = File.ReadAllText(Path.Combine(_folder, "rates.json"));
        Assert.All(new[] { "theirs", "later", "mine" }, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1, 2]")]
    [InlineData("""{ "version": 1 }""")]
    [InlineData("""{ "version": "one", "rates": { "a": 1 } }""")]
    [InlineData("""{ "version": 2, "rates": { "a": 1 } }""")]
    [InlineData("""{ "version": 1, "rates": { "a": "quick" } }""")]
    public void A_file_that_cannot_be_read_counts_as_empty_and_is_replaced(string content)
    {
        Write(content);
        var rates = MeasuredRates.In(_folder);
        Assert.Null(rates.Find("a"));
        rates.Set("a", 7);
        rates.Save();
        Assert.Contains("\"a\": 7", File.ReadAllText(Path.Combine(_folder, "rates.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_no_error()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var rates = MeasuredRates.In(Path.Combine(file, "below"));
        rates.Set("a", 7);
        rates.Save();
        Assert.Equal(7, rates.Find("a"));
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, "rates.json"), text);
}
