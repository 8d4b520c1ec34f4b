namespace Beamline.Kernel.Tests;

public sealed class MagicCompletionTests(AssistantFixture session) : IClassFixture<AssistantFixture>
{
    [Theory]
    [InlineData("#!rec|", "#!recon")]
    [InlineData("var x = 1;\n  #!lsm|", "#!lsmagic")]
    [InlineData("#!|", "#!time")]
    [InlineData("#!recon --fi|", "--filter")]
    [InlineData("#!recon --filter |", "parzen")]
    [InlineData("#!recon --filter=pa|", "parzen")]
    [InlineData("#!recon --plain |", "sinogramWidth")]
    [InlineData("#!recon sino|", "sinogramWidth")]
    [InlineData("#!recon @sino|", "@sinogramWidth")]
    [InlineData("#!recon --mask @na|", "@names")]
    [InlineData("#!help rec|", "recon")]
    public void Offers(string line, string expected) => Assert.Contains(expected, session.Texts(line));

    [Theory]
    [InlineData("#!recon --filter |", "sinogramWidth")]
    [InlineData("#!recon --filter ramp --|", "--filter")]
    [InlineData("#!recon --as |", "names")]
    [InlineData("#!unknown |", "names")]
    [InlineData("var s = @\"\n#!rec|\n\";", "#!recon")]
    [InlineData("/*\n#!rec|\n*/", "#!recon")]
    public void Does_not_offer(string line, string unwanted) => Assert.DoesNotContain(unwanted, session.Texts(line));

    [Fact]
    public void Options_carry_their_summary_and_help_is_shown()
    {
        Assert.Equal("The filter.", session.Complete("#!recon --filt|").Items.Single().Signature);
        Assert.Contains("--filter", session.Inspect("var a = 1;\n#!recon sino|")!.Text);
        Assert.Null(session.Inspect("#!nothing| x"));
    }
}
