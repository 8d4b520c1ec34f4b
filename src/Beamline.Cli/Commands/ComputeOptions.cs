using System.CommandLine;
using Beamline.Compute;

namespace Beamline.Cli.Commands;

/// <summary>The options that say what cells compute on, the same for <c>run</c> and <c>kernel start</c>.</summary>
internal static class ComputeOptions
{
    internal static Option<Device> Device() => new("--device")
    {
        Description = "What to compute on: auto, cpu, cuda or cuda:N.",
        CustomParser = result =>
        {
            try
            {
                return Compute.Device.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
                return default;
            }
        },
        DefaultValueFactory = _ => Compute.Device.Auto,
    };

    internal static Option<long?> MemoryLimit() => new("--memory-limit")
    {
        Description = "Memory that the process may hold, for instance 2GB; larger volumes are worked on through a file.",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out var bytes))
            {
                return bytes;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a size. Write for instance 512MB or 2GiB.");
            return null;
        },
    };
}
