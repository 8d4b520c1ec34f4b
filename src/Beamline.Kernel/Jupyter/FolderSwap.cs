namespace Beamline.Kernel;

/// <summary>Replaces whole folders, so that nobody ever finds a half-written one.</summary>
internal static class FolderSwap
{
    /// <summary>Fills a new folder and puts it in the place of the old one, which stays when anything fails.</summary>
    public static void Replace(string folder, Action<string> fill)
    {
        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        var made = Path.Combine(parent, $".{Path.GetFileName(folder)}-{Guid.NewGuid():N}");
        var old = made + "-old";
        try
        {
            Directory.CreateDirectory(made);
            fill(made);
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, old);
            }

            try
            {
                Directory.Move(made, folder);
            }
            catch when (Directory.Exists(old))
            {
                Directory.Move(old, folder);
                throw;
            }
        }
        finally
        {
            Remove(made);
            Remove(old);
        }
    }

    /// <summary>Deletes a folder; false when there was none.</summary>
    public static bool Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        Directory.Delete(folder, recursive: true);
        return true;
    }
}
