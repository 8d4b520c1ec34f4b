using BitMiracle.LibTiff.Classic;

namespace Beamline.Data.Tiff;

/// <summary>Keeps what LibTiff says about an error instead of printing it; warnings about unknown tags are dropped.</summary>
internal sealed class TiffErrors : TiffErrorHandler
{
    // LibTiff has one handler for the whole process; what it says is kept for the thread that caused it.
    private static readonly TiffErrors Handler = new();

    [ThreadStatic]
    private static string? _last;

    private TiffErrors() => BitMiracle.LibTiff.Classic.Tiff.SetErrorHandler(this);

    /// <summary>": what LibTiff said last on this thread", or nothing.</summary>
    internal static string Because => string.IsNullOrEmpty(_last) ? "" : $": {_last}";

    /// <summary>Makes sure that LibTiff reports here, and forgets what it said before.</summary>
    internal static void Listen()
    {
        GC.KeepAlive(Handler);
        Clear();
    }

    internal static void Clear() => _last = null;

    public override void ErrorHandler(BitMiracle.LibTiff.Classic.Tiff tif, string method, string format, params object[] args) => Keep(format, args);

    public override void ErrorHandlerExt(
        BitMiracle.LibTiff.Classic.Tiff tif, object clientData, string method, string format, params object[] args) => Keep(format, args);

    // Cameras write private tags; LibTiff warns about each of them in each file.
    public override void WarningHandler(BitMiracle.LibTiff.Classic.Tiff tif, string method, string format, params object[] args)
    {
    }

    public override void WarningHandlerExt(
        BitMiracle.LibTiff.Classic.Tiff tif, object clientData, string method, string format, params object[] args)
    {
    }

    private static void Keep(string format, object[] args) => _last = string.Format(format, args).TrimEnd('.');
}
