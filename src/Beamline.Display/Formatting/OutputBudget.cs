using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>Keeps saved notebooks small: an output should stay below 2 MB and never passes 10 MB.</summary>
internal static class OutputBudget
{
    /// <summary>Bytes of an output, all parts together, that are fine.</summary>
    public const long NormalBytes = 2_000_000;

    /// <summary>Bytes of an output that a notebook is never given.</summary>
    public const long HardBytes = 10_000_000;

    /// <summary>Bytes of a PNG that is there twice, in the HTML and beside it, each as base64.</summary>
    public const int PictureBytes = 700_000;

    /// <summary>The same where a viewer's script and values are in the output, too.</summary>
    public const int PictureBytesBesideViewer = 330_000;

    /// <summary>Lets a bundle through, warns about a large one, and replaces one that is far too large by a message.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="text">The one line about the value.</param>
    public static MimeBundle Check(MimeBundle bundle, string text)
    {
        var bytes = SizeOf(bundle);
        if (bytes > HardBytes)
        {
            return MimeBundle.FromText(
                $"{text}\nNot shown: this output would add {Megabytes(bytes)} to the notebook (limit {Megabytes(HardBytes)}). " +
                "Show a smaller part or picture (ViewOptions.MaxEdgePixels), or write it to a file with Save.");
        }

        if (bytes > NormalBytes)
        {
            RunContext.Current.Warning?.Invoke(
                $"This output adds {Megabytes(bytes)} to the notebook; {Megabytes(NormalBytes)} or less keeps it quick to open.");
        }

        return bundle;
    }

    /// <summary>Bytes that a bundle takes in a notebook file.</summary>
    public static long SizeOf(MimeBundle bundle) => bundle.Parts.Values.Sum(part => part switch
    {
        byte[] bytes => (bytes.LongLength + 2) / 3 * 4,
        string text => text.Length,
        JsonNode json => json.ToJsonString().Length,
        _ => 0L,
    });

    public static string Megabytes(long bytes) => $"{bytes / 1e6:0.#} MB";
}
