using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Learning;
using Beamline.Remote;

namespace Beamline.Extension.Remote;

/// <summary>Trained networks travel as the file that <see cref="Denoiser.Save"/> writes: train where the GPU is, denoise here.</summary>
internal sealed class DenoiserCodec : IValueCodec
{
    public string Name => "denoiser";

    public bool Accepts(Type type) => type == typeof(Denoiser);

    public JsonNode? Encode(object value, ValueWriter writer) => InFile(path =>
    {
        ((Denoiser)value).Save(path);
        return writer.Write(File.ReadAllBytes(path), typeof(byte[]));
    });

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        if (reader.Read(json, typeof(byte[])) is not byte[] bytes)
        {
            throw new EndpointException("It is no denoiser.");
        }

        return InFile(path =>
        {
            try
            {
                File.WriteAllBytes(path, bytes);
                return Denoiser.Load(path);
            }
            catch (InvalidDataException e)
            {
                throw new EndpointException($"The denoiser cannot be read: {e.Message.Replace(path, "it", StringComparison.Ordinal)}", e);
            }
        });
    }

    private static T InFile<T>(Func<string, T> use)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-denoiser-");
        try
        {
            return use(Path.Combine(folder.FullName, "denoiser.safetensors"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
