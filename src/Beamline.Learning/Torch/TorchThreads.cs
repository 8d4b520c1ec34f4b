using TorchSharp;

namespace Beamline.Learning;

/// <summary>How many threads libtorch uses for what the calling thread asks of it.</summary>
internal static class TorchThreads
{
    /// <summary>
    /// Sets it so that it stays. libtorch has one number for the process and, with OpenMP, one for each thread, which a thread takes over when it first
    /// computes: a number that another thread set in between would change how sums are split, and with that the last bits.
    /// </summary>
    public static void Use(int count)
    {
        torch.set_num_threads(count);
        _ = torch.get_num_threads();
        torch.set_num_threads(count);
    }
}
