using System.Security.Cryptography;
using System.Text;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>An array to send that is some bytes.</summary>
internal sealed class BytesSource(byte[] bytes) : IArraySource
{
    public JobArray Array { get; } = new("<f4", [bytes.Length / 4], bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void WriteTo(Stream stream) => stream.Write(bytes);
}
