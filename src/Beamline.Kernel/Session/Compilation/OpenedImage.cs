using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Beamline.Kernel;

/// <summary>
/// Makes what is internal in a library public. Cells see each other's internal types and members; each is a library of its own,
/// and the text must stay as it was written, for the sake of errors.
/// </summary>
internal static class OpenedImage
{
    /// <summary>Changes the image in place.</summary>
    public static void Open(byte[] image)
    {
        using var file = new PEReader(new MemoryStream(image));
        var reader = file.GetMetadataReader();
        var start = file.PEHeaders.MetadataStartOffset;
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);

            // Types that the compiler made, and 'file' types, have a name in angle brackets; attributes that it made do not.
            if (reader.GetString(type.Name).StartsWith('<') ||
                reader.GetString(type.Namespace) is "Microsoft.CodeAnalysis" or "System.Runtime.CompilerServices")
            {
                continue;
            }

            var visibility = (type.Attributes & TypeAttributes.VisibilityMask) switch
            {
                TypeAttributes.NotPublic => TypeAttributes.Public,
                TypeAttributes.NestedAssembly or TypeAttributes.NestedFamORAssem => TypeAttributes.NestedPublic,
                var same => same,
            };
            BinaryPrimitives.WriteUInt32LittleEndian(
                Row(TableIndex.TypeDef, MetadataTokens.GetRowNumber(handle)), (uint)((type.Attributes & ~TypeAttributes.VisibilityMask) | visibility));
            foreach (var method in type.GetMethods())
            {
                // Behind the address of the code and the flags of its kind.
                Member(Row(TableIndex.MethodDef, MetadataTokens.GetRowNumber(method))[6..], (ushort)reader.GetMethodDefinition(method).Attributes);
            }

            foreach (var field in type.GetFields())
            {
                Member(Row(TableIndex.Field, MetadataTokens.GetRowNumber(field)), (ushort)reader.GetFieldDefinition(field).Attributes);
            }
        }

        Span<byte> Row(TableIndex table, int number) =>
            image.AsSpan(start + reader.GetTableMetadataOffset(table) + ((number - 1) * reader.GetTableRowSize(table)));
    }

    // Methods and fields count their access alike.
    private static void Member(Span<byte> place, ushort flags)
    {
        const ushort Mask = (ushort)MethodAttributes.MemberAccessMask;
        if ((flags & Mask) is (ushort)MethodAttributes.Assembly or (ushort)MethodAttributes.FamORAssem)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)((flags & ~Mask) | (ushort)MethodAttributes.Public));
        }
    }
}
