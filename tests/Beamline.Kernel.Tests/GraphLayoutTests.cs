using System.Xml.Linq;

namespace Beamline.Kernel.Tests;

/// <summary>The drawing of random graphs: arrows point down, boxes do not overlap, the XML is well-formed.</summary>
public sealed class GraphLayoutTests
{
    [Fact]
    public void Boxes_lie_below_what_they_depend_on_and_never_on_each_other()
    {
        var random = new Random(11);
        for (var turn = 0; turn < 100; turn++)
        {
            var count = 1 + random.Next(40);
            GraphEdge[] edges = [.. Enumerable.Range(0, count).SelectMany(to => Enumerable.Range(0, to)
                .Where(_ => random.Next(count) < 3).Select(from => new GraphEdge(from, to, ["x"])))];
            var places = GraphLayout.Place(count, edges);
            Assert.Equal(count, places.Distinct().Count());
            Assert.All(edges, e => Assert.True(places[e.From].Row < places[e.To].Row));
            Assert.All(places, p => Assert.True(p.Row >= 0 && p.Column >= 0));

            // As high as it must be: a box in row n stands on one in row n - 1.
            Assert.All(Enumerable.Range(0, count).Where(i => places[i].Row > 0), i =>
                Assert.Contains(edges, e => e.To == i && places[e.From].Row == places[i].Row - 1));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("<script>alert('x')</script> & \" ' ]]>")]
    [InlineData("nul \0 bell \a lone \ud800 pair \ud83d\ude00 end \uffff")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀")]
    public void Any_text_gives_well_formed_xml(string text)
    {
        var svg = GraphSvg.Draw([new(text, text, text), new(text, text, null)], [new(0, 1, [text])], text, "g1");
        var root = XElement.Parse(svg);
        Assert.DoesNotContain(root.DescendantsAndSelf(), e => e.Name.LocalName == "script");
        Assert.Equal(2, root.Elements().Count(e => e.Name.LocalName == "g"));
    }

    [Fact]
    public void No_nodes_and_one_node_can_be_drawn()
    {
        XElement.Parse(GraphSvg.Draw([], [], "", "g"));
        XElement.Parse(GraphSvg.Draw([new("a", "b", null)], [], "", "g"));
    }
}
