using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The prebuilt extension of JupyterLab 3 and later and Notebook 7: two static files, found beside the kernels.</summary>
internal static class LabExtension
{
    /// <summary>Its name, and that of its folder.</summary>
    public const string Name = "beamline";

    public static void Install(string folder) => FolderSwap.Replace(folder, made =>
    {
        // The name changes with the contents, because browsers keep what they have loaded once.
        // The braces keep its names out of the page.
        var script = Encoding.UTF8.GetBytes($"{{\n{EmbeddedText.Read("esm-widget.js")}\n{EmbeddedText.Read("labextension.js")}}}\n");
        var file = $"static/remoteEntry.{Convert.ToHexStringLower(SHA256.HashData(script))[..16]}.js";
        var package = JsonNode.Parse(EmbeddedText.Read("labextension.json"))!;
        package["jupyterlab"]!["_build"]!["load"] = file;
        Directory.CreateDirectory(Path.Combine(made, "static"));
        File.WriteAllBytes(Path.Combine(made, file), script);
        File.WriteAllText(Path.Combine(made, "package.json"), package.ToJsonString(new() { WriteIndented = true }) + "\n");
    });
}
