using System.Reflection;
using System.Runtime.CompilerServices;

namespace Beamline.Remote;

/// <summary>A part of an object's state.</summary>
/// <param name="Name">Its name in the JSON: that of the field or property.</param>
/// <param name="Field">Where it is.</param>
/// <param name="Setter">Sets it with the checks of its class; null when only the field can be set.</param>
internal sealed record ObjectMember(string Name, FieldInfo Field, PropertyInfo? Setter)
{
    /// <summary>Whether it may be null, and its type says that.</summary>
    public bool MayBeNull { get; } = !Field.FieldType.IsValueType && new NullabilityInfoContext().Create(Field).ReadState == NullabilityState.Nullable;
}

/// <summary>
/// How objects of a class or struct travel: all of their state is in public fields and properties that the compiler stores, and is set
/// back into the same places. No constructor runs. Records of Beamline (options, results) are data as a whole, whatever of it is public.
/// </summary>
internal sealed class ObjectPlan
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, ObjectPlan> Plans = [];

    private ObjectPlan(Type type)
    {
        var members = new List<ObjectMember>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Own))
            {
                var member = MemberOf(level, field);
                if (member is null || members.Exists(m => m.Name == member.Name))
                {
                    Hidden ??= field.Name;
                    continue;
                }

                members.Add(member);
            }
        }

        Members = members;
    }

    public IReadOnlyList<ObjectMember> Members { get; }

    /// <summary>Name of a field that is not public, so that objects cannot travel; null when there is none.</summary>
    public string? Hidden { get; }

    /// <summary>The plan for a type.</summary>
    public static ObjectPlan Of(Type type) => Plans.GetValue(type, t => new ObjectPlan(t));

    // Both sides have the same major version of Beamline; a class may hold what is alive, a record does not.
    private static bool IsOwnRecord(Type type) =>
        type.Assembly.GetName().Name is { } name && name.StartsWith("Beamline.", StringComparison.Ordinal) &&
        (type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null || type.GetMethod("PrintMembers", Own) is not null);

    private static ObjectMember? MemberOf(Type level, FieldInfo field)
    {
        if (field.IsDefined(typeof(FixedBufferAttribute), inherit: false) || level.IsDefined(typeof(InlineArrayAttribute), inherit: false))
        {
            return null;
        }

        if (field.IsPublic || (IsOwnRecord(level) && !field.Name.StartsWith('<')))
        {
            return new ObjectMember(field.Name, field, null);
        }

        // The field of an auto-property.
        const string End = ">k__BackingField";
        if (!field.Name.StartsWith('<') || !field.Name.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        var property = level.GetProperty(field.Name[1..^End.Length], Own);
        return (property?.GetMethod is { IsPublic: true } || IsOwnRecord(level)) && property?.GetMethod is not null && property.PropertyType == field.FieldType
            ? new ObjectMember(property.Name, field, property.SetMethod is { IsPublic: true } ? property : null) : null;
    }
}
