namespace Beamline.Cli.Commands;

/// <summary>The notebooks and samples that lie beside the program.</summary>
internal static class Tutorials
{
    private static string Source => Path.Combine(AppContext.BaseDirectory, "tutorials");

    /// <summary>Copies them to a folder; what a user has there already stays as he left it.</summary>
    internal static void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.Exists(Source) ? Directory.GetFiles(Source, "*", SearchOption.AllDirectories) : [])
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Source, file));
            if (!File.Exists(target))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }
}
