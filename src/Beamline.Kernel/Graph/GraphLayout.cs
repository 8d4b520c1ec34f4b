namespace Beamline.Kernel;

/// <summary>A box of the drawing.</summary>
internal sealed record GraphNode(string Title, string Detail, string? Trouble);

/// <summary>An arrow from the cell that makes something to the one that uses it.</summary>
internal sealed record GraphEdge(int From, int To, IReadOnlyList<string> Names);

/// <summary>Places boxes in rows, so that arrows point down: each box lies below all that it depends on.</summary>
internal static class GraphLayout
{
    /// <summary>Row and place in the row of each node.</summary>
    /// <param name="count">Number of nodes.</param>
    /// <param name="edges">Edges without loops.</param>
    public static (int Row, int Column)[] Place(int count, IReadOnlyList<GraphEdge> edges)
    {
        var rows = Rows(count, edges);
        var above = edges.ToLookup(e => e.To, e => e.From);
        var columns = new double[count];
        var places = new (int, int)[count];
        foreach (var row in Enumerable.Range(0, count).GroupBy(i => rows[i]).OrderBy(g => g.Key))
        {
            // Under the middle of what it depends on, which keeps most arrows from crossing; then by cell.
            var ordered = row.OrderBy(i => above[i].Any() ? above[i].Average(from => columns[from]) : i).ThenBy(i => i).ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                columns[ordered[i]] = i - (ordered.Length - 1) / 2.0;
                places[ordered[i]] = (row.Key, i);
            }
        }

        return places;
    }

    private static int[] Rows(int count, IReadOnlyList<GraphEdge> edges)
    {
        var rows = new int[count];
        var open = new int[count];
        var below = edges.ToLookup(e => e.From);
        foreach (var edge in edges)
        {
            open[edge.To]++;
        }

        var ready = new Queue<int>(Enumerable.Range(0, count).Where(i => open[i] == 0));
        while (ready.TryDequeue(out var from))
        {
            foreach (var edge in below[from])
            {
                rows[edge.To] = Math.Max(rows[edge.To], rows[from] + 1);
                if (--open[edge.To] == 0)
                {
                    ready.Enqueue(edge.To);
                }
            }
        }

        return rows;
    }
}
