using System.Collections;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>What is bound to this process: values that cannot be taken to another one, whatever is done with them.</summary>
internal static class LiveTypes
{
    private const string Awaited = "it is work that is going on here: await it, and use its result";
    private const string Sequence = "it is a sequence that is computed while it is read: call ToArray() on it, and use the array";
    private const string Stopping = "it belongs to what runs here: in the cell, use CellCancellation or one made there";
    private const string Handle = "it is open here: send its path or address, and open it in the cell";
    private const string Guard = "it guards what happens in this process: make it in the cell";

    private static readonly (Type Type, string Why)[] Known =
    [
        (typeof(Delegate), "it is a delegate: write it as a function, which travels as text (int F(int x) => x + 1;)"),
        (typeof(Task), Awaited), (typeof(ValueTask), Awaited), (typeof(ValueTask<>), Awaited),
        (typeof(CancellationToken), Stopping), (typeof(CancellationTokenSource), Stopping), (typeof(CancellationTokenRegistration), Stopping),
        (typeof(Stream), Handle), (typeof(TextReader), Handle), (typeof(TextWriter), Handle), (typeof(Socket), Handle),
        (typeof(TcpClient), Handle), (typeof(TcpListener), Handle), (typeof(UdpClient), Handle), (typeof(HttpMessageInvoker), Handle),
        (typeof(BinaryReader), Handle), (typeof(BinaryWriter), Handle), (typeof(FileSystemWatcher), Handle),
        (typeof(System.Data.IDbConnection), Handle), (typeof(SafeHandle), Handle),
        (typeof(System.IO.MemoryMappedFiles.MemoryMappedFile), Handle), (typeof(UnmanagedMemoryAccessor), Handle),
        (typeof(System.Diagnostics.Process), "it is a process of this machine: start it in the cell"),
        (typeof(Thread), "it is a thread of this process: start it in the cell"),
        (typeof(WaitHandle), Guard), (typeof(SemaphoreSlim), Guard), (typeof(ReaderWriterLockSlim), Guard), (typeof(Lock), Guard),
        (typeof(System.Threading.Timer), Guard), (typeof(PeriodicTimer), Guard), (typeof(ThreadLocal<>), Guard), (typeof(AsyncLocal<>), Guard),
        (typeof(IntPtr), "it is an address in this process: send what lies there, as an array or a number"),
        (typeof(UIntPtr), "it is an address in this process: send what lies there, as an array or a number"),
        (typeof(GCHandle), "it is an address in this process: send what it points to"),
        (typeof(WeakReference), "it points to an object of this process: send the object"),
        (typeof(WeakReference<>), "it points to an object of this process: send the object"),
        (typeof(MemberInfo), "it describes code of this process: write typeof(...) in the cell"),
        (typeof(Assembly), "it is code of this process: the cell has its own"), (typeof(Module), "it is code of this process: the cell has its own"),
        (typeof(ParameterInfo), "it describes code of this process: look it up in the cell"),
        (typeof(Memory<>), "it is a view of an array: call ToArray() on it, and use the array"),
        (typeof(ReadOnlyMemory<>), "it is a view of an array: call ToArray() on it, and use the array"),
        (typeof(Lazy<>), "it is computed later: use its Value"),
        (typeof(IEnumerator), Sequence),
        (typeof(IQueryable), Sequence), (typeof(IAsyncEnumerable<>), "it is read while it is made: gather it into an array with await foreach"),
        (typeof(IDisplayHandle), "it is an output of this notebook: call display in the cell"),
        (typeof(INotebookContext), "it is the notebook itself"), (typeof(INotebookHost), "it is the notebook itself"),
    ];

    /// <summary>Why values of a type cannot travel and what to do; null when nothing speaks against it, which is not yet a promise.</summary>
    /// <param name="type">A declared type, or the type of a value.</param>
    public static string? Refusal(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRef)
        {
            return "it is a pointer: send what it points to, as an array or a number";
        }

        if (type.IsByRefLike)
        {
            return "it is a view of memory of this process: call ToArray() on it, and use the array";
        }

        if (type.HasElementType)
        {
            return Within(type.GetElementType()!);
        }

        foreach (var (known, why) in Known)
        {
            if (Is(type, known))
            {
                return why;
            }
        }

        return OfFamily(type) ?? type.GetGenericArguments().Where(a => !a.IsGenericParameter).Select(Within).FirstOrDefault(why => why is not null);
    }

    private static string? Within(Type part) => Refusal(part) is { } why ? $"it holds {part.Name}, and {why}" : null;

    // Libraries that this one does not refer to, by names of their namespaces.
    private static string? OfFamily(Type type)
    {
        for (var next = type; next is not null; next = next.BaseType)
        {
            var space = next.Namespace ?? "";
            if (space == "ILGPU" || space.StartsWith("ILGPU.", StringComparison.Ordinal))
            {
                return "it lives on a GPU of this machine: copy it into an array (GetAsArray1D()), and send that";
            }

            if (space == "Beamline.Display.Widgets")
            {
                return "it is a widget of this notebook: use its value";
            }

            // Lookups and groups are computed already.
            if (space == "System.Linq" && next.IsAssignableTo(typeof(IEnumerable)) && !next.Name.Contains("Lookup", StringComparison.Ordinal) && !next.Name.Contains("Grouping", StringComparison.Ordinal))
            {
                return Sequence;
            }
        }

        return null;
    }

    private static bool Is(Type type, Type known)
    {
        if (!known.IsGenericTypeDefinition)
        {
            return type.IsAssignableTo(known);
        }

        for (var next = type; next is not null; next = next.BaseType)
        {
            if (next.IsGenericType && next.GetGenericTypeDefinition() == known)
            {
                return true;
            }
        }

        return known.IsInterface && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == known);
    }
}
