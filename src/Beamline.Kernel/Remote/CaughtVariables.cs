using System.Reflection;
using System.Runtime.CompilerServices;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Local variables that a lambda has caught, with their values now.</summary>
internal static class CaughtVariables
{
    /// <summary>The variables, those of the nearest block first where two have one name.</summary>
    public static IReadOnlyList<(string Name, Type Type, object? Value)> Of(Delegate function)
    {
        var found = new List<(string Name, Type Type, object? Value)>();
        Add(function.Target);
        return [.. found.DistinctBy(f => f.Name)];

        void Add(object? holder)
        {
            // The compiler keeps them in objects of classes that it makes; an object of any other class is nothing that was caught.
            if (holder?.GetType() is not { } type || !type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal))
            {
                return;
            }

            var outer = new List<object?>();
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (field.Name.StartsWith("CS$<>8__locals", StringComparison.Ordinal))
                {
                    outer.Add(field.GetValue(holder));
                }
                else if (char.IsLetter(field.Name[0]) || field.Name[0] == '_')
                {
                    found.Add((field.Name, field.FieldType, field.GetValue(holder)));
                }
            }

            outer.ForEach(Add);
        }
    }

    /// <summary>Why values of a type cannot travel; null when nothing speaks against it.</summary>
    public static string? Refusal(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("AnonymousType", StringComparison.Ordinal)
            ? "its type has no name: use a tuple, (X: 1, Y: 2), or a record"
            : TravelTypes.Refusal(type);
}
