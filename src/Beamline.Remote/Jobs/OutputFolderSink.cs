namespace Beamline.Remote;

/// <summary>Puts arrays of results into out/, named by their hashes.</summary>
internal sealed class OutputFolderSink(string folder) : IArraySink
{
    /// <summary>Name of an array's file: its hash, with an ending that tells people what it is.</summary>
    public static string NameOf(JobArray array) => JobNames.Hash(array.Sha256) + (array.DType == "json" ? ".json" : ".npy");

    public JobArray Add(ArrayContent content)
    {
        PrivateFile.CreateFolder(folder);
        return HashedFile.Write(content, folder, NameOf);
    }
}
