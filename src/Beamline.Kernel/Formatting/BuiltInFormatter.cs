using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Shows values of types that nobody else knows: text, numbers, sequences, dictionaries, records.</summary>
internal static class BuiltInFormatter
{
    private const int MostShown = 20;
    private const int LongestText = 100_000;
    private const int CellWidth = 120;

    public static MimeBundle Format(object value) => value switch
    {
        string text => MimeBundle.FromText(Cut(text, LongestText)),
        byte[] bytes => MimeBundle.FromText(Bytes(bytes)),
        Exception exception => ExceptionCard.Of(exception),
        Array { Rank: 2 } matrix => Matrix(matrix),
        IDictionary map => Dictionary(map),
        Array { Rank: > 2 } many => Flattened(many),
        IEnumerable sequence => SequenceTable.Of(sequence, MostShown),
        _ when MemoryValues.Of(value, MostShown) is { } memory => SequenceTable.Of(memory.First, MostShown, memory.Count),
        _ when IsPlain(value) => MimeBundle.FromText(Cut(Plain(value), LongestText)),
        _ => Object(value),
    };

    /// <summary>A value on one line.</summary>
    public static string OneLine(object? value, int width = CellWidth)
    {
        var text = value switch
        {
            null => "null",
            string s => s,
            byte[] bytes => $"byte[{bytes.Length}]",
            Array array => $"{TypeNames.Of(array.GetType().GetElementType()!)}" +
                $"[{string.Join(", ", Enumerable.Range(0, array.Rank).Select(array.GetLength))}]",
            ICollection collection => $"{TypeNames.Of(value.GetType())} ({collection.Count})",
            IEnumerable => TypeNames.Of(value.GetType()),
            _ => Guarded(() => Plain(value)),
        };
        return Cut(text.ReplaceLineEndings(" "), width);
    }

    /// <summary>Readable properties and fields that a user declared; empty for what is one value.</summary>
    public static IReadOnlyList<(string Name, Type Type, Func<object, object?> Read)> Members(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(string) || type == typeof(decimal) ||
            typeof(IEnumerable).IsAssignableFrom(type))
        {
            return [];
        }

        if (typeof(ITuple).IsAssignableFrom(type))
        {
            return [.. Enumerable.Range(0, type.GetGenericArguments().Length)
                .Select(i => ($"Item{i + 1}", type.GetGenericArguments()[i], (Func<object, object?>)(tuple => ((ITuple)tuple)[i])))];
        }

        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 &&
                !p.PropertyType.IsByRef && !p.PropertyType.IsByRefLike && !p.PropertyType.IsPointer)
            .Select(p => (p.Name, p.PropertyType, (Func<object, object?>)p.GetValue));
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public)
            .Where(f => !f.FieldType.IsPointer)
            .Select(f => (f.Name, f.FieldType, (Func<object, object?>)f.GetValue));
        return [.. properties.Concat(fields)];
    }

    /// <summary>True for types that show themselves best by their own text.</summary>
    public static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) ||
        typeof(Type).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type) ||
        typeof(Task).IsAssignableFrom(type) || Members(type).Count == 0 ||
        (!typeof(ITuple).IsAssignableFrom(type) && !IsRecord(type) && OverridesToString(type));

    /// <summary>What a member says, or what it threw.</summary>
    public static string Guarded(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return $"(threw {RuntimeErrorReport.Unwrap(exception).GetType().Name})";
        }
    }

    /// <summary>Whether values of a type stand at the right of their column.</summary>
    public static bool IsNumber(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return !plain.IsEnum && Type.GetTypeCode(plain) is >= TypeCode.SByte and <= TypeCode.Decimal ||
            plain == typeof(Half) || plain == typeof(Int128) || plain == typeof(UInt128) || plain == typeof(BigInteger) || plain == typeof(TimeSpan);
    }

    private static bool IsPlain(object value) => IsPlain(value.GetType());

    // Anonymous types and records have a ToString of the compiler, which a table improves on.
    private static bool IsRecord(Type type) =>
        type.Name.StartsWith("<>", StringComparison.Ordinal) ||
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static bool OverridesToString(Type type)
    {
        var owner = type.GetMethod("ToString", Type.EmptyTypes)?.DeclaringType;
        return owner is not null && owner != typeof(object) && owner != typeof(ValueType);
    }

    private static string Plain(object value) => value switch
    {
        Type type => TypeNames.Of(type),
        Task task => $"Task ({task.Status}): write await before it to get its result",
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.FFF zzz", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Complex number => string.Create(CultureInfo.InvariantCulture, $"{number.Real:R} {(number.Imaginary < 0 ? '-' : '+')} {Math.Abs(number.Imaginary):R}i"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? TypeNames.Of(value.GetType()),
    };

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return longest > 1000
            ? $"{text[..end]}\n... {text.Length - end:N0} more characters of {text.Length:N0}"
            : text[..end] + "…";
    }

    private static string Bytes(byte[] bytes)
    {
        const int Shown = 32;
        var hex = string.Join(' ', bytes.Take(Shown).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        return $"byte[{bytes.Length}] {hex}{(bytes.Length > Shown ? " ..." : "")}".TrimEnd();
    }

    private static MimeBundle Dictionary(IDictionary map)
    {
        var rows = new List<string[]>();
        foreach (DictionaryEntry entry in map)
        {
            if (rows.Count == MostShown)
            {
                break;
            }

            rows.Add([OneLine(entry.Key), OneLine(entry.Value)]);
        }

        var note = map.Count > MostShown ? $"{MostShown} of {map.Count} entries" : null;
        var text = string.Join('\n', rows.Select(r => $"{r[0]}: {r[1]}").Append(note).OfType<string>());
        return MimeBundle.FromHtml(
            HtmlTable.Of(["Key", "Value"], rows, note), text.Length > 0 ? text : "(no entries)");
    }

    private static MimeBundle Matrix(Array matrix)
    {
        var (height, width) = (matrix.GetLength(0), matrix.GetLength(1));
        var (top, left) = (matrix.GetLowerBound(0), matrix.GetLowerBound(1));
        var rows = Enumerable.Range(0, Math.Min(height, MostShown)).Select(y =>
            Enumerable.Range(0, Math.Min(width, MostShown)).Select(x =>
                OneLine(matrix.GetValue(top + y, left + x))).ToArray()).ToArray();
        var note = $"{TypeNames.Of(matrix.GetType().GetElementType()!)}[{height}, {width}]" +
            (height > MostShown || width > MostShown ? $", the first {MostShown} rows and columns" : "");
        var text = note + "\n" + string.Join('\n', rows.Select(r => string.Join("  ", r)));
        return MimeBundle.FromHtml(
            HtmlTable.Typed([.. Enumerable.Range(0, Math.Min(width, MostShown)).Select(x => new HtmlColumn($"{x}", "", IsNumber(matrix.GetType().GetElementType()!)))], rows, note), text);
    }

    private static MimeBundle Flattened(Array array)
    {
        var shape = OneLine(array) + ", last index fastest";
        if (array.Length == 0)
        {
            return MimeBundle.FromText(OneLine(array) + ": no elements");
        }

        var bundle = SequenceTable.Of(array, MostShown, array.LongLength);
        return MimeBundle.FromHtml($"<p>{System.Net.WebUtility.HtmlEncode(shape)}</p>{bundle.Parts[MimeTypes.Html]}", $"{shape}\n{bundle.Parts[MimeTypes.Text]}");
    }

    private static MimeBundle Object(object value)
    {
        string[][] rows = [.. Members(value.GetType()).Select(m =>
            new[] { m.Name, Guarded(() => OneLine(m.Read(value))), TypeNames.Of(m.Type) })];
        var text = OverridesToString(value.GetType())
            ? Guarded(() => Cut(Plain(value), LongestText))
            : $"{TypeNames.Of(value.GetType())} {{ {string.Join(", ", rows.Select(r => $"{r[0]} = {r[1]}"))} }}";
        return MimeBundle.FromHtml(HtmlTable.Of(["Property", "Value", "Type"], rows.Select(r => new[] { ColumnNames.WithUnit(r[0]), r[1], r[2] })), text);
    }
}
