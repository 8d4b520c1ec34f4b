namespace Beamline.Kernel;

/// <summary>Files that are part of the assembly.</summary>
internal static class EmbeddedText
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    public static byte[] Bytes(string name)
    {
        using var stream = Open(name);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static Stream Open(string name) =>
        typeof(EmbeddedText).Assembly.GetManifestResourceStream(name) ??
        throw new InvalidOperationException($"The assembly lacks its file {name}.");
}
