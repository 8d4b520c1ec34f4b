using System.Collections.Immutable;
using System.Numerics;

namespace Beamline.Remote.Tests;

public enum Small : byte
{
    None,
    One,
    All = 255,
}

[Flags]
public enum Large : long
{
    None = 0,
    Far = long.MinValue,
    Near = 1,
}

public sealed record Point(double X, double Y)
{
    public string Label { get; init; } = "";
}

public readonly record struct Pixel(ushort Row, ushort Column, float Value);

public record Shape(Point Center);

public sealed record Disc(Point Center, double Radius) : Shape(Center);

public sealed class Node
{
    public int Number { get; set; }

    public double[]? Weights { get; set; }

    public List<Node> Children { get; set; } = [];

    public Dictionary<string, object?> Notes { get; init; } = [];

    public readonly long Serial = 17;
}

public struct Mixed
{
    public float A;
    public Half B;
    public (int, string?) C;
    public int? D;
}

public sealed class Derived : Parent
{
    public string Own { get; set; } = "";
}

public class Parent
{
    public int Inherited { get; set; }

    public double OnlyRead { get; }

    public Parent() => OnlyRead = 0.1;
}

/// <summary>Random values of random types.</summary>
internal sealed class RandomValues(int seed)
{
    private static readonly Type[] Scalars =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Half), typeof(float),
        typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(BigInteger), typeof(Complex), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Small), typeof(Large), typeof(Index), typeof(Range), typeof(Int128), typeof(DateOnly), typeof(TimeOnly),
    ];

    private readonly Random _random = new(seed);

    public Type Type(int depth)
    {
        if (depth == 0)
        {
            return Scalars[_random.Next(Scalars.Length)];
        }

        var inner = Type(_random.Next(depth));
        return _random.Next(15) switch
        {
            0 => inner.MakeArrayType(),
            1 => inner.MakeArrayType(2),
            2 => typeof(List<>).MakeGenericType(inner),
            3 => typeof(Dictionary<,>).MakeGenericType(Scalars[_random.Next(8)], inner),
            4 => typeof(ValueTuple<,>).MakeGenericType(inner, Type(0)),
            5 => typeof(Tuple<,,>).MakeGenericType(inner, Type(0), typeof(int)),
            6 when inner.IsValueType && Nullable.GetUnderlyingType(inner) is null => typeof(Nullable<>).MakeGenericType(inner),
            7 => typeof(HashSet<>).MakeGenericType(Scalars[_random.Next(1, 8)]),
            8 => typeof(IReadOnlyList<>).MakeGenericType(inner),
            9 => typeof(Stack<>).MakeGenericType(inner),
            10 => typeof(ImmutableArray<>).MakeGenericType(inner),
            11 => typeof(Point),
            12 => typeof(Mixed),
            13 => typeof(object),
            _ => typeof(Pixel[]),
        };
    }

    public object? Value(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } under)
        {
            return _random.Next(4) == 0 ? null : Value(under);
        }

        if (type.IsArray)
        {
            var lengths = Enumerable.Range(0, type.GetArrayRank()).Select(_ => Count()).ToArray();
            var array = Array.CreateInstance(type.GetElementType()!, lengths);
            var place = new int[lengths.Length];
            for (var i = 0; i < array.Length; i++)
            {
                for (var (axis, rest) = (lengths.Length - 1, i); axis >= 0; rest /= lengths[axis--])
                {
                    place[axis] = rest % lengths[axis];
                }

                array.SetValue(Value(type.GetElementType()!), place);
            }

            return array;
        }

        if (type.IsGenericType)
        {
            return Generic(type, type.GetGenericTypeDefinition(), type.GenericTypeArguments);
        }

        return type switch
        {
            _ when type == typeof(object) => _random.Next(3) == 0 ? null : Value(Scalars[_random.Next(Scalars.Length)].MakeArrayType(_random.Next(1, 3))),
            _ when type == typeof(Point) => new Point((double)Value(typeof(double))!, (double)Value(typeof(double))!) { Label = (string)Value(typeof(string))! },
            _ when type == typeof(Pixel) => new Pixel((ushort)_random.Next(65536), 3, (float)Value(typeof(float))!),
            _ when type == typeof(Mixed) => new Mixed { A = (float)Value(typeof(float))!, B = (Half)Value(typeof(Half))!, C = (_random.Next(), _random.Next(2) == 0 ? null : "c"), D = (int?)Value(typeof(int?)) },
            _ => Scalar(type),
        };
    }

    private object? Generic(Type type, Type definition, Type[] arguments)
    {
        if (definition == typeof(ValueTuple<,>) || definition == typeof(Tuple<,,>))
        {
            return Activator.CreateInstance(type, [.. arguments.Select(Value)]);
        }

        if (definition == typeof(Dictionary<,>))
        {
            var map = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
            for (var i = Count(); i > 0; i--)
            {
                map[Value(arguments[0])!] = Value(arguments[1]);
            }

            return map;
        }

        var items = Value(arguments[0].MakeArrayType())!;
        if (definition == typeof(ImmutableArray<>))
        {
            return typeof(ImmutableArray).GetMethods().Single(m => m.Name == "CreateRange" && m.GetGenericArguments().Length == 1 && m.GetParameters().Length == 1)
                .MakeGenericMethod(arguments[0]).Invoke(null, [items]);
        }

        return definition == typeof(IReadOnlyList<>)
            ? _random.Next(2) == 0 ? items : Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments[0]), items)
            : Activator.CreateInstance(type, items);
    }

    // Now and then more than goes into the JSON.
    private int Count() => _random.Next(12) == 0 ? _random.Next(60, 90) : _random.Next(5);

    private object Scalar(Type type) => type switch
    {
        _ when type.IsEnum => Enum.ToObject(type, _random.Next(2) == 0 ? 1 : 255),
        _ when type == typeof(bool) => _random.Next(2) == 0,
        _ when type == typeof(byte) => (byte)_random.Next(256),
        _ when type == typeof(sbyte) => (sbyte)_random.Next(256),
        _ when type == typeof(short) => (short)_random.Next(65536),
        _ when type == typeof(ushort) => (ushort)_random.Next(65536),
        _ when type == typeof(char) => (char)_random.Next(65536),
        _ when type == typeof(int) => _random.Next(int.MinValue, int.MaxValue),
        _ when type == typeof(uint) => (uint)_random.NextInt64(),
        _ when type == typeof(long) => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64),
        _ when type == typeof(ulong) => (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64),
        _ when type == typeof(Int128) => (Int128)_random.NextInt64() * _random.NextInt64(),
        _ when type == typeof(Half) => BitConverter.UInt16BitsToHalf((ushort)_random.Next(65536)),
        _ when type == typeof(float) => BitConverter.Int32BitsToSingle(_random.Next(int.MinValue, int.MaxValue)),
        _ when type == typeof(double) => Double(),
        _ when type == typeof(Complex) => new Complex(Double(), Double()),
        _ when type == typeof(decimal) => new decimal(_random.Next(), _random.Next(), _random.Next(), _random.Next(2) == 0, (byte)_random.Next(29)),
        _ when type == typeof(string) => new string([.. Enumerable.Range(0, _random.Next(6)).Select(_ => (char)_random.Next(_random.Next(2) == 0 ? 128 : 65536))]),
        _ when type == typeof(BigInteger) => BigInteger.Pow(_random.Next(-1000, 1000), _random.Next(30)),
        _ when type == typeof(DateTime) => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)_random.Next(3)),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(_random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(_random.Next(-840, 841))),
        _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(_random.Next(3_000_000)),
        _ when type == typeof(TimeOnly) => new TimeOnly(_random.NextInt64(TimeSpan.TicksPerDay)),
        _ when type == typeof(TimeSpan) => new TimeSpan(_random.NextInt64(long.MinValue, long.MaxValue)),
        _ when type == typeof(Guid) => Guid.NewGuid(),
        _ when type == typeof(Uri) => _random.Next(2) == 0 ? new Uri("https://example.org/ä?x=%20") : new Uri("/a/b c", UriKind.Relative),
        _ when type == typeof(Version) => new Version(_random.Next(9), _random.Next(99), _random.Next(999)),
        _ when type == typeof(Index) => new Index(_random.Next(100), _random.Next(2) == 0),
        _ => new Range(_random.Next(9), new Index(_random.Next(9), fromEnd: true)),
    };

    private double Double() => _random.Next(4) switch
    {
        0 => BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue)),
        1 => new[] { double.NaN, -double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0, double.Epsilon, double.MaxValue }[_random.Next(8)],
        2 => _random.Next(-1000, 1000),
        _ => _random.NextDouble() - 0.5,
    };
}
