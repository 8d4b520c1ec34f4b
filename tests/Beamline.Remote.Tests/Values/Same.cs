using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;

namespace Beamline.Remote.Tests;

/// <summary>Compares two values bit by bit, all the way down, with their classes.</summary>
internal static class Same
{
    public static void Check(object? expected, object? actual, string place = "value")
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{place}: {expected ?? "null"} became {actual ?? "null"}");
            return;
        }

        var type = expected.GetType();
        Assert.True(type == actual.GetType(), $"{place}: {type} became {actual.GetType()}");
        switch (expected)
        {
            case string or Uri or Version or decimal or Guid or BigInteger or DateTime or DateTimeOffset or TimeSpan or Index or Range or Half or float or double or Complex:
                Assert.True(Bits(expected) == Bits(actual), $"{place}: {Bits(expected)} became {Bits(actual)}");
                break;
            case Array array:
                var other = (Array)actual;
                Assert.Equal(Enumerable.Range(0, array.Rank).Select(array.GetLength), Enumerable.Range(0, array.Rank).Select(other.GetLength));
                Items(array, other, place);
                break;
            case IEnumerable items:
                Items(items, (IEnumerable)actual, place);
                break;
            case { } when type.IsPrimitive || type.IsEnum:
                Assert.True(expected.Equals(actual), $"{place}: {expected} became {actual}");
                break;
            default:
                for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
                {
                    foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        Check(field.GetValue(expected), field.GetValue(actual), $"{place}.{field.Name}");
                    }
                }

                break;
        }
    }

    private static void Items(IEnumerable expected, IEnumerable actual, string place)
    {
        var (a, b) = (expected.Cast<object?>().ToArray(), actual.Cast<object?>().ToArray());
        Assert.True(a.Length == b.Length, $"{place}: {a.Length} elements became {b.Length}");
        for (var i = 0; i < a.Length; i++)
        {
            Check(a[i], b[i], $"{place}[{i}]");
        }
    }

    private static string Bits(object value) => value switch
    {
        Half h => $"{BitConverter.HalfToUInt16Bits(h):x}",
        float f => $"{BitConverter.SingleToUInt32Bits(f):x}",
        double d => $"{BitConverter.DoubleToUInt64Bits(d):x}",
        Complex c => $"{BitConverter.DoubleToUInt64Bits(c.Real):x} {BitConverter.DoubleToUInt64Bits(c.Imaginary):x}",
        decimal m => string.Join(' ', decimal.GetBits(m)),
        DateTime t => $"{t.Ticks} {t.Kind}",
        DateTimeOffset t => $"{t.Ticks} {t.Offset}",
        Uri u => $"{u.OriginalString} {u.IsAbsoluteUri}",
        string s => string.Join(' ', s.Select(c => (int)c)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
