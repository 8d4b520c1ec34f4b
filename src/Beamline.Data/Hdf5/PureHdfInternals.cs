using System.Reflection;
using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>
/// The facts about a dataset that PureHDF knows but does not publish: byte order, filters, the sources of a virtual
/// dataset and the filter mask of each chunk. Without them some files would be read wrongly without an error.
/// </summary>
/// <remarks>
/// Everything that reaches into non-public members of PureHDF is in this class. It was written for PureHDF 2.2.0;
/// after an update the tests of this folder say whether it still fits.
/// </remarks>
internal static class PureHdfInternals
{
    private const BindingFlags Any =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly FieldInfo? ScratchPad = typeof(NativeGroup).GetField("_scratchPad", Any);

    /// <summary>Makes a group look its links up in its own header.</summary>
    /// <remarks>
    /// PureHDF trusts the copy of the group's old-style index that the parent keeps. libhdf5 leaves that copy behind,
    /// stale, when it converts a group to the new style (which adding an external link does), and then links are missing.
    /// </remarks>
    internal static void ForgetCachedIndex(NativeGroup group)
    {
        if (ScratchPad is null)
        {
            throw Unknown(typeof(NativeGroup), "_scratchPad");
        }

        ScratchPad.SetValue(group, null);
    }

    /// <summary>Whether the numbers are stored with the most significant byte first; false for other classes.</summary>
    internal static bool IsBigEndian(NativeDataset dataset)
    {
        var bits = Get(Get(dataset, "InternalDataType")!, "BitField")!;
        return Get(bits, "ByteOrder")!.ToString() switch
        {
            "LittleEndian" => false,
            "BigEndian" => true,
            var other => throw new NotSupportedException($"byte order {other}"),
        };
    }

    /// <summary>Bits that carry the number, and for floating point the bits of its exponent (else 0).</summary>
    internal static (int Offset, int Precision, int ExponentBits) NumberLayout(NativeDataset dataset)
    {
        var properties = (Array)Get(Get(dataset, "InternalDataType")!, "Properties")!;
        var layout = properties.GetValue(0)!;
        var exponent = dataset.Type.Class == H5DataTypeClass.FloatingPoint ? (byte)Get(layout, "ExponentSize")! : (byte)0;
        return ((ushort)Get(layout, "BitOffset")!, (ushort)Get(layout, "BitPrecision")!, exponent);
    }

    /// <summary>The file and object that an external link of a group names; null when the link is of another kind.</summary>
    internal static (string File, string Object)? ExternalLink(NativeGroup group, string name)
    {
        foreach (var message in (System.Collections.IEnumerable)Get(Get(group, "Header")!, "HeaderMessages")!)
        {
            var data = Get(message, "Data")!;
            if (data.GetType().Name == "LinkInfoMessage")
            {
                object?[] arguments = [data, name, null];
                var find = typeof(NativeGroup).GetMethod("TryGetLinkMessageFromLinkInfoMessage", Any) ??
                    throw Unknown(typeof(NativeGroup), "TryGetLinkMessageFromLinkInfoMessage");
                try
                {
                    data = find.Invoke(group, arguments) is true ? arguments[2]! : data;
                }
                catch (TargetInvocationException)
                {
                    // A group with few links has no heap of links, and PureHDF then seeks nowhere: they are among the messages.
                    continue;
                }
            }

            if (data.GetType().Name == "LinkMessage" && (string)Get(data, "LinkName")! == name)
            {
                var info = Get(data, "LinkInfo")!;
                return info.GetType().Name == "ExternalLinkInfo"
                    ? ((string)Get(info, "FilePath")!, (string)Get(info, "FullObjectPath")!)
                    : null;
            }
        }

        return null;
    }

    /// <summary>The filters in the order in which they were applied when writing.</summary>
    internal static IReadOnlyList<(int Id, string Name, uint[] Parameters)> Filters(NativeDataset dataset)
    {
        if (Get(dataset, "InternalFilterPipeline") is not { } pipeline)
        {
            return [];
        }

        var filters = new List<(int, string, uint[])>();
        foreach (var filter in (Array)Get(pipeline, "FilterDescriptions")!)
        {
            filters.Add(((ushort)Get(filter, "Identifier")!, (string?)Get(filter, "Name") ?? "", (uint[]?)Get(filter, "ClientData") ?? []));
        }

        return filters;
    }

    /// <summary>Where the parts of a virtual dataset come from, and whether a part grows with its source.</summary>
    internal static IReadOnlyList<(string File, string Dataset, bool Unlimited)> VirtualSources(NativeDataset dataset)
    {
        var type = Internal("PureHDF.VOL.Native.H5D_Virtual`1").MakeGenericType(typeof(byte));
        var reader = Activator.CreateInstance(
            type, Any, null, [Get(dataset, "Context"), null, Info(dataset), default(H5DatasetAccess), (byte)0, null], null)!;
        var sources = new List<(string, string, bool)>();
        foreach (var entry in (Array)Get(Get(reader, "_block")!, "VdsDatasetEntries")!)
        {
            var unlimited = IsUnlimited(Get(entry, "SourceSelection")!) || IsUnlimited(Get(entry, "VirtualSelection")!);
            sources.Add(((string)Get(entry, "SourceFileName")!, (string)Get(entry, "SourceDataset")!, unlimited));
        }

        return sources;
    }

    /// <summary>What to ask for the filter masks of a chunked dataset: the number of chunks along each axis, and a lookup.</summary>
    internal static (ulong[] ChunkCounts, Func<ulong, uint> MaskOfChunk) ChunkMasks(NativeDataset dataset)
    {
        var (counts, find) = Chunks(dataset);
        return (counts, index => find(index)?.FilterMask ?? 0);
    }

    /// <summary>Where the chunks of a dataset lie: their number along each axis, and a lookup that gives null for one never written.</summary>
    internal static (ulong[] ChunkCounts, Func<ulong, StoredChunk?> Find) Chunks(NativeDataset dataset)
    {
        var type = Internal("PureHDF.VOL.Native.H5D_Chunk");
        var create = type.GetMethod("Create", Any) ?? throw Unknown(type, "Create");
        var context = Get(dataset, "Context")!;
        var chunks = create.Invoke(null, [context, null, Info(dataset), default(H5DatasetAccess), null])!;
        var actual = chunks.GetType();
        (actual.GetMethod("Initialize", Any) ?? throw Unknown(actual, "Initialize")).Invoke(chunks, null);
        var lookup = actual.GetMethod("GetReadChunkInfo", Any) ?? throw Unknown(actual, "GetReadChunkInfo");
        var noIndex = (bool)Get(chunks, "_readingChunkIndexAddressIsUndefined")!;
        var undefined = Bind<Func<ulong, bool>>(Get(context, "Superblock")!, "IsUndefinedAddress");
        return ((ulong[])Get(chunks, "ScaledDims")!, index =>
        {
            if (noIndex)
            {
                return null;
            }

            var found = lookup.Invoke(chunks, [index])!;
            var address = (ulong)Get(found, "Address")!;
            return undefined(address)
                ? null
                : new StoredChunk(address, (ulong)Get(found, "Size")!, (uint)Get(found, "FilterMask")!);
        });
    }

    /// <summary>Reads bytes of the file that holds a dataset (which may be another one behind a link), and the length of that file.</summary>
    internal static (ReadBytesAt Read, Func<long> Length) Bytes(NativeDataset dataset)
    {
        var driver = Get(Get(dataset, "Context")!, "Driver")!;
        var seek = Bind<Action<long>>(driver, "SeekRelativeToBaseAddress");
        var read = Bind<ReadSpan>(driver, "ReadDataset", typeof(Span<byte>));
        return ((address, destination) =>
        {
            seek(checked((long)address));
            read(destination);
        }, () => (long)Get(driver, "Length")!);
    }

    /// <summary>The value of numbers that were never written; null for zero.</summary>
    internal static byte[]? FillValue(NativeDataset dataset) =>
        Get(dataset, "InternalFillValue") is { } message ? (byte[]?)Get(message, "Value") : null;

    /// <summary>Reads the bytes at an address of the file.</summary>
    internal delegate void ReadBytesAt(ulong address, Span<byte> destination);

    private delegate void ReadSpan(Span<byte> destination);

    private static T Bind<T>(object owner, string name, params Type[] parameters)
        where T : Delegate
    {
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            var method = parameters.Length > 0 ? type.GetMethod(name, Any, parameters) : type.GetMethod(name, Any);
            if (method is not null)
            {
                return method.CreateDelegate<T>(owner);
            }
        }

        throw Unknown(owner.GetType(), name);
    }

    private static bool IsUnlimited(object selection)
    {
        var info = Get(selection, "Info")!;
        if (info.GetType().Name != "H5S_SEL_HYPER")
        {
            return false;
        }

        var slab = Get(info, "SelectionInfo")!;
        return slab.GetType().Name == "RegularHyperslabSelectionInfo" &&
            (HasUnlimited((ulong[])Get(slab, "Counts")!) || HasUnlimited((ulong[])Get(slab, "Blocks")!));
    }

    private static bool HasUnlimited(ulong[] lengths) => Array.Exists(lengths, n => n is ulong.MaxValue or uint.MaxValue);

    private static object Info(NativeDataset dataset) => Activator.CreateInstance(
        Internal("PureHDF.VOL.Native.DatasetInfo"),
        Any,
        null,
        [
            Get(dataset, "InternalDataspace"), Get(dataset, "InternalDataType"), Get(dataset, "InternalDataLayout"),
            Get(dataset, "InternalFillValue"), Get(dataset, "InternalFilterPipeline"), Get(dataset, "InternalExternalFileList"),
        ],
        null)!;

    private static Type Internal(string name) =>
        typeof(H5File).Assembly.GetType(name) ?? throw Unknown(typeof(H5File), name);

    private static object? Get(object owner, string name)
    {
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetProperty(name, Any) is { } property)
            {
                return property.GetValue(owner);
            }

            if (type.GetField(name, Any) is { } field)
            {
                return field.GetValue(owner);
            }
        }

        throw Unknown(owner.GetType(), name);
    }

    private static InvalidOperationException Unknown(Type type, string member) => new(
        $"PureHDF {type.Assembly.GetName().Version} has no {type.Name}.{member}: this build of Beamline needs PureHDF 2.2.0.");
}
