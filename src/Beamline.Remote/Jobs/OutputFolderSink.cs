namespace Beamline.Remote;

/// <summary>Puts arrays of results into out/, named by their hashes.</summary>
/// <param name="folder">The folder.</param>
/// <param name="store">Gets them under a second name, so that a job that has them as inputs needs no bytes; null for none.</param>
internal sealed class OutputFolderSink(string folder, ArrayStore? store = null) : IArraySink
{
    /// <summary>Name of an array's file: its hash, with an ending that tells people what it is.</summary>
    public static string NameOf(JobArray array) => JobNames.Hash(array.Sha256) + (array.DType == "json" ? ".json" : ".npy");

    public JobArray Add(ArrayContent content)
    {
        PrivateFile.CreateFolder(folder);
        var array = HashedFile.Write(content, PrivateFile.TemporaryName(Path.Combine(folder, "array")), array => Path.Combine(folder, NameOf(array)));
        store?.TryLink(Path.Combine(folder, NameOf(array)), array.Sha256);
        return array;
    }
}
