namespace Beamline.Notebook.Tests;

public sealed class MagicParserTests
{
    private static readonly MagicDescriptor Recon = new("recon", "Reconstruct a volume.",
    [
        new("input", MagicValueKind.Variable, "Projections.") { IsPositional = true, IsRequired = true },
        new("target", MagicValueKind.Path, "File to write.") { IsPositional = true },
        new("method", MagicValueKind.Text, "Method.") { Allowed = ["fbp", "sirt", "cgls"], Default = "fbp" },
        new("filter", MagicValueKind.Text, "Filter."),
        new("iterations", MagicValueKind.Integer, "Number of iterations.") { Default = "20" },
        new("weight", MagicValueKind.Number, "Weight."),
        new("axis", MagicValueKind.Variable, "The rotation axis."),
        new("sweep", MagicValueKind.Flag, "Show neighbors."),
        new("as", MagicValueKind.NewVariable, "Name of the volume.") { Default = "volume" },
    ]);

    private static MagicArguments Parse(string rest) => MagicParser.Parse("#!recon " + rest, Recon);

    private static readonly MagicDescriptor Remote = new("remote", "Sends.",
    [
        new("endpoint", MagicValueKind.Text, "Where.") { IsPositional = true },
        new("map", MagicValueKind.Loop, "Items."),
        new("yes", MagicValueKind.Flag, "Yes."),
    ]);

    [Theory]
    [InlineData("slurm --map angle in angles --yes")]
    [InlineData("--map angle in angles slurm --yes")]
    [InlineData("slurm --map \"angle in angles\" --yes")]
    [InlineData("slurm --map 'angle  in  @angles' --yes")]
    public void A_loop_is_three_words_with_and_without_quotes(string rest)
    {
        var arguments = MagicParser.Parse("#!remote " + rest, Remote);
        Assert.Equal(("angle", "angles"), MagicParser.LoopOf(arguments.Text("map")!));
        Assert.Equal("slurm", arguments.Text("endpoint"));
        Assert.True(arguments.Flag("yes"));
    }

    [Theory]
    [InlineData("--map angle")]
    [InlineData("--map angle --yes")]
    [InlineData("--map angle in")]
    [InlineData("--map \"angle of angles\"")]
    [InlineData("--map 1 in angles")]
    public void No_loops(string rest) => Assert.Contains(
        "--map cannot be", Assert.Throws<MagicException>(() => MagicParser.Parse("#!remote " + rest, Remote)).Message, StringComparison.Ordinal);

    private static string Error(string rest) => Assert.Throws<MagicException>(() => Parse(rest)).Message;

    [Theory]
    [InlineData("#!recon x", true), InlineData("   #!lsmagic", true), InlineData("\t#!a", true)]
    [InlineData("#!/usr/bin/env", false), InlineData("#! recon", false), InlineData("#!", false), InlineData("#r \"nuget: X\"", false)]
    [InlineData("var x = 1; #!recon", false), InlineData("", false), InlineData("#!1", false)]
    public void Commands_are_told_from_other_lines(string line, bool magic) => Assert.Equal(magic, MagicParser.IsMagic(line));

    [Theory]
    [InlineData("#!recon", "recon"), InlineData("  #!recon x", "recon"), InlineData("#!recon\tx", "recon"), InlineData("#!a-b\r\n", "a-b")]
    public void The_name_ends_at_white_space(string line, string name) => Assert.Equal(name, MagicParser.NameOf(line));

    [Fact]
    public void Places_options_and_flags_are_read()
    {
        var a = Parse("@projections out.h5 --method sirt --iterations 50 --weight 2e-4 --sweep --as better");
        Assert.Equal("@projections", a.Text("input"));
        Assert.Equal("projections", a.Variable("input"));
        Assert.Equal("out.h5", a.Text("target"));
        Assert.Equal("sirt", a.Required("method"));
        Assert.Equal(50, a.Integer("iterations"));
        Assert.Equal(2e-4, a.Number("weight"));
        Assert.True(a.Flag("sweep"));
        Assert.Equal("better", a.Variable("as"));
        Assert.True(a.Has("method"));
        Assert.False(a.WantsHelp || a.WantsCode || a.Flag("quiet"));
        Assert.StartsWith("#!recon @projections", a.Line);
    }

    [Fact]
    public void What_is_not_given_takes_its_default_or_is_null()
    {
        var a = Parse("projections");
        Assert.Equal("fbp", a.Text("method"));
        Assert.Equal(20, a.Integer("iterations"));
        Assert.Equal("volume", a.Variable("as"));
        Assert.Null(a.Text("filter"));
        Assert.Null(a.Number("weight"));
        Assert.Null(a.Variable("axis"));
        Assert.False(a.Has("method"));
        Assert.False(a.Flag("sweep"));
        Assert.Contains("#!recon needs --filter", Assert.Throws<MagicException>(() => a.Required("filter")).Message);
    }

    [Theory]
    [InlineData("x --filter=parzen", "parzen")]
    [InlineData("x --filter=a=b", "a=b")]
    [InlineData("x --filter=", "")]
    [InlineData("x --filter \"two words\"", "two words")]
    [InlineData("x --filter='two words'", "two words")]
    [InlineData("x --filter=\"it's\"", "it's")]
    [InlineData("x --filter 'say \"hi\"'", "say \"hi\"")]
    [InlineData("x --filter \"\"", "")]
    [InlineData("x --filter \"--method\"", "--method")]
    [InlineData("x --filter a\" \"b", "a b")]
    [InlineData("x   --filter \t parzen  ", "parzen")]
    [InlineData("x --filter hann --filter parzen", "parzen")]
    [InlineData("--filter parzen x", "parzen")]
    public void Values_may_be_quoted_or_follow_an_equals_sign(string rest, string filter)
    {
        var a = Parse(rest);
        Assert.Equal(filter, a.Text("filter"));
        Assert.Equal("x", a.Variable("input"));
    }

    [Fact]
    public void A_quoted_path_keeps_dashes_and_backslashes()
    {
        Assert.Equal("--my file.h5", Parse("x \"--my file.h5\"").Text("target"));
        Assert.Equal("C:\\data\\a.h5", Parse("x C:\\data\\a.h5").Text("target"));
    }

    [Fact]
    public void An_unknown_option_suggests_the_nearest_and_lists_all()
    {
        var error = Error("x --fliter parzen");
        Assert.Contains("#!recon has no option --fliter.", error);
        Assert.Contains("Did you mean --filter?", error);
        Assert.Contains("--method, --filter, --iterations, --weight, --axis, --sweep, --as, --help, --show-code, --quiet", error);
        Assert.DoesNotContain("Did you mean", Error("x --zzzzzzzz 1"));
        // A positional value has no dashes, so it is no option either.
        Assert.Contains("no option --input", Error("--input x"));
    }

    [Fact]
    public void A_value_that_is_not_allowed_suggests_the_nearest_and_lists_the_allowed()
    {
        var error = Error("x --method sitr");
        Assert.Contains("--method cannot be 'sitr'. Did you mean sirt? Allowed: fbp, sirt, cgls.", error);
        Assert.Contains("cannot be 'FBP'. Did you mean fbp?", Error("x --method FBP"));
    }

    [Theory]
    [InlineData("x --iterations ten", "--iterations cannot be 'ten': a whole number")]
    [InlineData("x --iterations 1.5", "a whole number")]
    [InlineData("x --iterations 99999999999", "a whole number")]
    [InlineData("x --weight 1,5", "--weight cannot be '1,5': a number")]
    [InlineData("x --weight NaN", "a number")]
    [InlineData("x --weight Infinity", "a number")]
    [InlineData("x --weight", "--weight needs a value (Weight.)")]
    [InlineData("x --filter --sweep", "--filter needs a value")]
    [InlineData("x --as 2nd", "--as cannot be '2nd': the name of a variable")]
    [InlineData("x --axis a.b", "the name of a variable")]
    [InlineData("3x", "input cannot be '3x': the name of a variable")]
    [InlineData("x --sweep=false", "--sweep takes no value")]
    [InlineData("x --", "has no option --.")]
    [InlineData("x \"open", "A \" is not closed")]
    [InlineData("x it's", "A ' is not closed")]
    public void A_wrong_value_is_named_with_what_is_expected(string rest, string expected) => Assert.Contains(expected, Error(rest));

    [Theory]
    [InlineData("-3", -3), InlineData("+3", 3), InlineData("0", 0)]
    public void Whole_numbers_may_have_a_sign(string text, int value) => Assert.Equal(value, Parse($"x --iterations {text}").Integer("iterations"));

    [Theory]
    [InlineData("-1e-3", -1e-3), InlineData("2.5", 2.5), InlineData(".5", .5)]
    public void Numbers_have_a_decimal_point_whatever_the_country(string text, double value) =>
        Assert.Equal(value, Parse($"x --weight {text}").Number("weight"));

    [Fact]
    public void One_value_too_many_is_named_with_the_usage()
    {
        var error = Error("x out.h5 more");
        Assert.Contains("'more' is one value too many. Usage: #!recon INPUT [TARGET]", error);
    }

    [Fact]
    public void A_missing_value_is_named_with_the_usage_unless_help_is_wanted()
    {
        Assert.Contains("#!recon needs input (Projections.). Usage: #!recon INPUT", Error(""));
        Assert.True(Parse("--help").WantsHelp);
        Assert.True(Parse("x --show-code").WantsCode);
        var named = new MagicDescriptor("save", "Save.", [new("to", MagicValueKind.Path, "File.") { IsRequired = true }]);
        Assert.Contains("#!save needs --to", Assert.Throws<MagicException>(() => MagicParser.Parse("#!save", named)).Message);
    }

    [Fact]
    public void The_usage_line_shows_what_is_optional_and_allowed() => Assert.Equal(
        "#!recon INPUT [TARGET] [--method fbp|sirt|cgls] [--filter VALUE] [--iterations VALUE] [--weight VALUE] [--axis VALUE] [--sweep] [--as NAME]",
        MagicParser.Usage(Recon));

    [Fact]
    public void Help_has_every_parameter_with_values_and_default()
    {
        var help = MagicParser.Help(Recon);
        Assert.StartsWith("Reconstruct a volume.\n#!recon INPUT", help);
        Assert.Contains("Method. One of fbp, sirt, cgls. Default: fbp.", help);
        Assert.All(Recon.Parameters.Where(p => !p.IsPositional), p => Assert.Contains("--" + p.Name, help));
        Assert.All(MagicParser.CommonParameters, p => Assert.Contains($"--{p.Name}", help));
    }

    [Fact]
    public void An_unknown_command_suggests_the_nearest()
    {
        IMagicCommand[] commands = [new ReconMagic()];
        Assert.Same(commands[0], MagicParser.Find("#!recon x", commands));
        var error = Assert.Throws<MagicException>(() => MagicParser.Find("#!recno x", commands)).Message;
        Assert.Equal("There is no magic command #!recno. Did you mean #!recon? #!lsmagic lists all.", error);
        Assert.DoesNotContain("Did you mean", Assert.Throws<MagicException>(() => MagicParser.Find("#!teleport", commands)).Message);
    }
}
