namespace Beamline.Remote;

/// <summary>Writes a file and hashes it in one pass; the name comes from the hash.</summary>
internal static class HashedFile
{
    /// <summary>Writes a file into a folder.</summary>
    /// <param name="content">The file.</param>
    /// <param name="folder">The folder, on the same file system as the final name.</param>
    /// <param name="nameOf">Path of the file in the folder.</param>
    /// <exception cref="EndpointException">The disk is full; nothing is kept.</exception>
    public static JobArray Write(ArrayContent content, string folder, Func<JobArray, string> nameOf)
    {
        var part = PrivateFile.TemporaryName(Path.Combine(folder, "array"));
        try
        {
            string hash;
            using (var file = PrivateFile.Create(part, 0))
            using (var hashing = new HashingStream(file))
            {
                content.WriteTo(hashing);
                hash = hashing.Finish();
                if (file.Length != content.Bytes)
                {
                    throw new EndpointException($"An array of {content.Bytes} bytes was announced and {file.Length} were written.");
                }
            }

            var array = new JobArray(content.DType, content.Shape, content.Bytes, hash);
            File.Move(part, Path.Combine(folder, nameOf(array)), overwrite: true);
            return array;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Of(e, folder, content.Bytes);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
