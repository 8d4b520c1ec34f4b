using System.Net;
using System.Text;
using Beamline.Data;

namespace Beamline.Extension.Formatting;

/// <summary>What lies in an HDF5 file, group by group, for who opens it.</summary>
internal static class DatasetTree
{
    private const int MostDatasets = 60;
    private static readonly string[] Endings = [".h5", ".hdf5", ".hdf", ".nxs", ".nx5"];

    /// <summary>The tree as HTML; empty for other files, and for one that cannot be read any more.</summary>
    public static string Html(string source)
    {
        if (!Endings.Contains(Path.GetExtension(source), StringComparer.OrdinalIgnoreCase) || !File.Exists(source))
        {
            return "";
        }

        try
        {
            using var file = Hdf5File.Open(source);
            return Html(file.Datasets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataFormatException or NotSupportedException)
        {
            // The scan was opened and is shown; its tree is an extra.
            return "";
        }
    }

    internal static string Html(IReadOnlyList<Hdf5DatasetInfo> datasets)
    {
        var html = new StringBuilder("<details><summary>").Append(datasets.Count).Append(" datasets</summary><pre>");
        string[] above = [];
        foreach (var dataset in datasets.Take(MostDatasets))
        {
            var parts = dataset.Path.Trim('/').Split('/');
            var shared = 0;
            while (shared < parts.Length - 1 && shared < above.Length && parts[shared] == above[shared])
            {
                shared++;
            }

            for (var depth = shared; depth < parts.Length - 1; depth++)
            {
                html.Append(' ', 2 * depth).Append(WebUtility.HtmlEncode(parts[depth])).Append("/\n");
            }

            above = parts[..^1];
            html.Append(' ', 2 * above.Length).Append(WebUtility.HtmlEncode($"{parts[^1]}  {Describe(dataset)}")).Append('\n');
        }

        if (datasets.Count > MostDatasets)
        {
            html.Append("… ").Append(datasets.Count - MostDatasets).Append(" more\n");
        }

        return html.Append("</pre></details>").ToString();
    }

    private static string Describe(Hdf5DatasetInfo dataset) => dataset.ToString() is var text && text.StartsWith(dataset.Path, StringComparison.Ordinal)
        ? text[dataset.Path.Length..].Trim() : text;
}
