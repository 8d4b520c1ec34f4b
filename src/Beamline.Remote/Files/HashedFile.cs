namespace Beamline.Remote;

/// <summary>Writes a file and hashes it in one pass; its name comes from the hash.</summary>
internal static class HashedFile
{
    /// <summary>Writes a file under a temporary name and gives it the real one.</summary>
    /// <param name="content">The file.</param>
    /// <param name="part">The temporary name, on the file system of the real one.</param>
    /// <param name="pathOf">The real path; null when it is not needed any more.</param>
    /// <exception cref="EndpointException">The disk is full; nothing is kept.</exception>
    public static JobArray Write(ArrayContent content, string part, Func<JobArray, string?> pathOf)
    {
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
                    throw new EndpointException($"An array of {content.Bytes} bytes was announced and {file.Length} were written: it changed meanwhile. Run the cell again.");
                }
            }

            var array = new JobArray(content.DType, content.Shape, content.Bytes, hash);
            if (pathOf(array) is { } path)
            {
                File.Move(part, path, overwrite: true);
            }

            return array;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Of(e, part, content.Bytes);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
