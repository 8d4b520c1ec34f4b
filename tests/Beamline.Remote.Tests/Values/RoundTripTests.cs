using System.Collections.ObjectModel;
using System.Numerics;

namespace Beamline.Remote.Tests;

/// <summary>What travels arrives bit by bit.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly Journey _journey = new();

    public void Dispose() => _journey.Dispose();

    [Fact]
    public void Random_values_of_random_types()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new RandomValues(seed);
            var type = random.Type(3);
            var value = random.Value(type);
            Assert.Null(_journey.Codecs.Refusal(type));
            try
            {
                Same.Check(value, _journey.Send(value, type), $"seed {seed} {TypeText.Of(type)}");
            }
            catch (EndpointException e)
            {
                Assert.Fail($"seed {seed}, {TypeText.Of(type)}: {e.Message}");
            }
        }
    }

    public static TheoryData<Array> Numbers => [.. RandomArrays.All()];

    [Theory]
    [MemberData(nameof(Numbers), DisableDiscoveryEnumeration = true)]
    public void Arrays_of_all_numbers_and_ranks(Array array)
    {
        Same.Check(array, _journey.Send(array, array.GetType()));
        // The type is known from the value as well.
        Same.Check(array, _journey.Send(array, typeof(object)));
        Assert.Equal("array", _journey.Pack(array, array.GetType()).Codec);
    }

    [Fact]
    public void Small_arrays_and_text_stay_within_the_JSON_and_long_ones_go_beside_it()
    {
        Assert.Empty(_journey.Pack(new double[64]).Arrays);
        Assert.Single(_journey.Pack(new double[65]).Arrays);
        Assert.Empty(_journey.Pack("short").Arrays);
        var lines = Enumerable.Range(0, 5000).Select(i => $"line {i} of a text that is long").ToArray();
        var packed = _journey.Pack(lines);
        Assert.Equal("json", Assert.Single(packed.Arrays).DType);
        Assert.Equal(lines, _journey.Unpack(packed, typeof(string[])));
    }

    [Fact]
    public void Arrays_within_records_lists_and_jagged_arrays_are_files()
    {
        double[][] jagged = [new double[100], [1, 2, double.NaN], [], new double[200]];
        jagged[3][7] = -0.0;
        var packed = _journey.Pack(jagged);
        Assert.Equal(2, packed.Arrays.Count);
        Same.Check(jagged, _journey.Unpack(packed, typeof(double[][])));

        var node = new Node { Number = 3, Weights = new double[500], Children = [new Node { Notes = { ["a"] = 1.5f, ["b"] = new List<int> { 1 }, ["c"] = null, ["d"] = new Disc(new(1, 2), 3) } }] };
        Same.Check(node, _journey.Send(node));
        var list = Enumerable.Range(0, 1000).Select(i => i / 3f).ToList();
        Same.Check(list, _journey.Send(list));
        Assert.Single(_journey.Pack(list).Arrays);
    }

    [Fact]
    public void A_value_is_what_it_is_and_not_what_its_variable_says()
    {
        Shape shape = new Disc(new Point(1, 2) { Label = "p" }, 3);
        Same.Check(shape, _journey.Send(shape));
        Shape[] shapes = [shape, new(new(0, 0)), null!];
        Same.Check(shapes, _journey.Send(shapes));
        object boxed = (short)3;
        Same.Check(boxed, _journey.Send(boxed));
        IEnumerable<int> numbers = new HashSet<int> { 3, 1, 2 };
        Same.Check(numbers, _journey.Send(numbers));
        Same.Check(new Derived { Own = "o", Inherited = 4 }, _journey.Send(new Derived { Own = "o", Inherited = 4 }));
    }

    [Fact]
    public void Collections_of_the_compiler_and_of_others_arrive_as_lists()
    {
        IReadOnlyList<int> written = [1, 2, 3];
        Assert.Equal([1, 2, 3], _journey.Send(written)!);
        IReadOnlyList<double> many = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        Assert.Equal(many, _journey.Send(many)!);
        IReadOnlyCollection<string> keys = new Dictionary<string, int> { ["a"] = 1 }.Keys;
        Assert.Equal(["a"], _journey.Send(keys)!);
        Assert.Equal([1, 2], _journey.Send(new ReadOnlyCollection<int>([1, 2]))!);
        Assert.Equal([1, 2], _journey.Send(new LinkedList<int>([1, 2]))!);
        Assert.Equal([1, 2], _journey.Send(new Queue<int>([1, 2]))!);
        Assert.Equal([1, 2], _journey.Send(new SortedSet<int>([2, 1]))!);
        Assert.Equal(new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 }, _journey.Send(new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 })!);
        Assert.True(_journey.Send(default(System.Collections.Immutable.ImmutableArray<int>)).IsDefault);
    }

    [Fact]
    public void Comparers_arrive_or_are_refused()
    {
        var words = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 };
        Assert.Equal(1, _journey.Send(words)!["a"]);
        Assert.False(_journey.Send(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "A" })!.Add("a"));
        Assert.True(_journey.Send(new HashSet<string>(StringComparer.Ordinal) { "A" })!.Add("a"));
        Assert.Contains("comparer", _journey.Refused(new HashSet<double[]>(ReferenceEqualityComparer.Instance)));
        Assert.Contains("comparer", _journey.Refused(new SortedSet<int>(Comparer<int>.Create((a, b) => b - a))));
    }

    [Fact]
    public void Long_tuples_nulls_and_empty_things()
    {
        var tuple = (1, 2.5, "c", 'd', 5L, 6f, (byte)7, true, (short)9);
        Assert.Equal(tuple, _journey.Send(tuple));
        Assert.Null(_journey.Send<int?>(null));
        Assert.Equal(3, _journey.Send<int?>(3));
        Assert.Null(_journey.Send<string?>(null));
        Same.Check(new int[0, 3, 2], _journey.Send(new int[0, 3, 2]));
        Same.Check(KeyValuePair.Create("a", 1.5), _journey.Send(KeyValuePair.Create("a", 1.5)));
        Same.Check(new Vector3(1, -0.0f, float.NaN), _journey.Send(new Vector3(1, -0.0f, float.NaN)));
        Same.Check(new[] { new Quaternion(1, 2, 3, 4) }, _journey.Send(new[] { new Quaternion(1, 2, 3, 4) }));
    }

    [Fact]
    public void The_same_object_twice_arrives_as_two()
    {
        var point = new Point(1, 2);
        var sent = _journey.Send(new[] { point, point })!;
        Assert.Equal(sent[0], sent[1]);
        Assert.NotSame(sent[0], sent[1]);
    }

    [Fact]
    public void Equal_arrays_are_stored_once()
    {
        var (a, b) = (new float[1000], new float[1000]);
        var packed = _journey.Pack(new List<float[]> { a, b });
        Assert.Equal(packed.Arrays[0], packed.Arrays[1] with { Shape = packed.Arrays[0].Shape });
        Assert.Equal(packed.Arrays[0].Bytes, _journey.Store.SizeBytes());
    }

    [Fact]
    public void Without_a_sink_arrays_stay_where_they_are_until_they_are_sent()
    {
        var values = Enumerable.Range(0, 100_000).Select(i => (float)i).ToArray();
        var encoded = _journey.Codecs.Encode("x", "float[]", typeof(float[]), values);
        var source = Assert.Single(encoded.Arrays);
        Assert.Equal(encoded.Value.Arrays.Single(), source.Array);
        Assert.Equal(source.Array.Bytes, _journey.Store.Add(source));
        Assert.Equal(0, _journey.Store.Add(source));
        Assert.Equal(values, _journey.Unpack(encoded.Value, typeof(float[])));
        // The same bytes through both ways.
        Assert.Equal(source.Array.Sha256, _journey.Pack(values).Arrays.Single().Sha256);

        var changing = _journey.Codecs.Encode("x", "float[]", typeof(float[]), values = (float[])values.Clone());
        values[5] = -1;
        var error = Assert.Throws<EndpointException>(() => new ArrayStore(_journey.Folder.File("other")).Add(changing.Arrays.Single()));
        Assert.Contains("changed since it was hashed", error.Message);
        Assert.Empty(Directory.EnumerateFiles(_journey.Folder.File("other"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_extension_brings_a_codec()
    {
        using var journey = new Journey(new TextCodec());
        var packed = journey.Pack(new Secret("abc"));
        Assert.Equal("secret", packed.Codec);
        Assert.Equal("abc", ((Secret)journey.Unpack(packed, typeof(Secret))!).Reveal());
        Assert.Equal("abc", journey.Send(new List<Secret> { new("abc") })![0].Reveal());
        Assert.NotNull(_journey.Codecs.Refusal(typeof(Secret)));
        Assert.Contains("extension", Assert.Throws<EndpointException>(() => _journey.Unpack(packed, typeof(Secret))).Message);
    }

    public sealed class Secret(string text)
    {
        public string Reveal() => text;
    }

    private sealed class TextCodec : IValueCodec
    {
        public string Name => "secret";

        public bool Accepts(Type type) => type == typeof(Secret);

        public System.Text.Json.Nodes.JsonNode Encode(object value, ValueWriter writer) => writer.Write(((Secret)value).Reveal(), typeof(string))!;

        public object Decode(System.Text.Json.JsonElement json, Type type, ValueReader reader) => new Secret((string)reader.Read(json, typeof(string))!);
    }

    private static class RandomArrays
    {
        public static IEnumerable<Array> All()
        {
            var random = new Random(7);
            foreach (var number in NumberType.All)
            {
                foreach (var shape in (int[][])[[100], [9, 11], [3, 5, 7], [2, 3, 4, 5], [70_000]])
                {
                    var array = Array.CreateInstance(number.Type, shape);
                    random.NextBytes(NpyFile.BytesOf(array, 0, array.Length * number.Size));
                    if (array is bool[] or bool[,] or bool[,,] or bool[,,,])
                    {
                        foreach (ref var b in NpyFile.BytesOf(array, 0, array.Length))
                        {
                            b &= 1;
                        }
                    }

                    yield return array;
                }
            }
        }
    }
}
