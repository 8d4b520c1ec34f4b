using Beamline.Display.Widgets;
using Beamline.Notebook;
using static Beamline.Display.Widgets.InteractGlobals;

namespace Beamline.Display.Tests.Widgets;

public sealed class InteractTests
{
    private readonly FakeHost _host = new();

    [Fact]
    public void Parameters_become_controls_of_their_types()
    {
        using var notebook = NotebookHost.Use(_host);
        var made = Interact(
            (int slice, double level = 0.5, bool invert = true, string name = "a", DayOfWeek day = DayOfWeek.Monday, float gain = 1) => $"{slice} {level} {invert} {name} {day} {gain}",
            new { slice = 0..63, level = (0.0, 2.0, 0.25) });
        Assert.Equal(
            [typeof(IntSlider), typeof(FloatSlider), typeof(Checkbox), typeof(Text), typeof(Dropdown<object>), typeof(FloatSlider), typeof(Output)],
            made.Box.Children.Select(c => c.GetType()));
        var slice = (IntSlider)made["slice"];
        var level = (FloatSlider)made["level"];
        Assert.Equal((31, 0, 63, "slice"), (slice.Value, slice.Min, slice.Max, slice.Description));
        Assert.Equal((0.5, 0, 2, 0.25), (level.Value, level.Min, level.Max, level.Step));
        Assert.Equal("31 0.5 True a Monday 1", made.Result);
        Assert.Same(made.Box, Assert.Single(_host.Shown));
        Assert.Empty(new WidgetFormatter().Format(made).Parts);
    }

    [Fact]
    public void A_change_runs_the_function_again_and_shows_its_result()
    {
        using var notebook = NotebookHost.Use(_host);
        var made = Interact((int x, string map) => $"{map}{x * 2}", new { x = (0, 10), map = new[] { "gray", "magma" } });
        new WidgetFormatter().Format(made.Box);
        _host.Shown.Clear();
        _host.Of("IntSliderModel").Update("value", 9);
        Assert.Equal("gray18", made.Result);
        Assert.Equal("gray18", made.Box.Children[^1].ToString());
        _host.Of("DropdownModel").Update("index", 1);
        Assert.Equal("magma18", made.Box.Children[^1].ToString());
    }

    [Fact]
    public void What_it_throws_is_shown_and_the_next_change_works()
    {
        using var notebook = NotebookHost.Use(_host);
        var made = Interact((int x) => x > 5 ? throw new ArgumentException("too much") : x, new { x = (0, 10) });
        var slider = (IntSlider)made["x"];
        slider.Value = 8;
        Assert.Equal("ArgumentException: too much", made.Box.Children[^1].ToString());
        Assert.Null(made.Result);
        slider.Value = 4;
        Assert.Equal(4, made.Result);
    }

    [Fact]
    public void A_widget_of_ones_own_stands_for_a_parameter()
    {
        using var notebook = NotebookHost.Use(_host);
        var own = new FloatSlider(3, 0, 9) { Description = "mine" };
        var made = Interact((float gain) => gain * 2, new { gain = own });
        Assert.Equal(6f, made.Result);
        own.Value = 4;
        Assert.Equal(8f, made.Result);
        Assert.Equal("mine", own.Description);
    }

    [Fact]
    public void What_cannot_be_controlled_is_said()
    {
        using var notebook = NotebookHost.Use(_host);
        Assert.Contains("'when'", Assert.Throws<ArgumentException>(() => Interact((DateTime when) => when)).Message, StringComparison.Ordinal);
        Assert.Contains("'slize'", Assert.Throws<ArgumentException>(() => Interact((int slice) => slice, new { slize = 0..3 })).Message, StringComparison.Ordinal);
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => Interact((int x) => x, new { x = "many" })).Message, StringComparison.Ordinal);
        Assert.Contains("list for 'x'", Assert.Throws<ArgumentException>(() => Interact((int x) => x, new { x = new[] { "a" } })).Message, StringComparison.Ordinal);
        Assert.Contains("'y'", Assert.Throws<ArgumentException>(() => Interact((int x) => x, new { x = 0..1 })["y"]).Message, StringComparison.Ordinal);
    }
}
