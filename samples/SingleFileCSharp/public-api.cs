// Which members are public? Lists those of the reference assemblies by their documentation ids, with the names of their parameters.

using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

var folder = Environment.GetEnvironmentVariable("API_DOCS") ?? throw new InvalidOperationException("Set API_DOCS to the folder of the reference assemblies.");
var rows = Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal).SelectMany(PublicMembers).ToList();
Save(args[0], rows.Select(row => $"{row.Namespace}\t{row.Id}\t{row.Overrides}\t{row.Parameters}").Prepend("namespace\tid\toverrides\tparameters"));
Console.WriteLine($"{rows.Count:N0} public members");

static IEnumerable<Member> PublicMembers(string assembly)
{
    using var file = new PEReader(File.OpenRead(assembly));
    var reader = file.GetMetadataReader();
    return [.. reader.TypeDefinitions.Where(type => IsVisible(reader, type)).SelectMany(type => MembersOf(reader, reader.GetTypeDefinition(type)))];
}

static IEnumerable<Member> MembersOf(MetadataReader reader, TypeDefinition type)
{
    var ids = new DocumentationIds();
    var name = DocumentationIds.Of(reader, type);
    var @namespace = DocumentationIds.NamespaceOf(reader, type);
    yield return new(@namespace, $"T:{name}");
    if (!type.BaseType.IsNil && ids.Of(reader, type.BaseType) == "System.MulticastDelegate")
    {
        // What a delegate consists of is the compiler's doing.
        yield break;
    }

    var accessors = new HashSet<MethodDefinitionHandle>();
    foreach (var property in type.GetProperties().Select(reader.GetPropertyDefinition))
    {
        MethodDefinitionHandle[] both = [property.GetAccessors().Getter, property.GetAccessors().Setter];
        accessors.UnionWith(both);
        var signature = property.DecodeSignature(ids, null);
        foreach (var accessor in both.Where(accessor => !accessor.IsNil).Select(reader.GetMethodDefinition).Where(IsVisibleMethod).Take(1))
        {
            yield return new(@namespace, $"P:{name}.{Text(property.Name)}{Types(signature)}", IsOverride(accessor), Parameters(accessor, signature));
        }
    }

    foreach (var @event in type.GetEvents().Select(reader.GetEventDefinition))
    {
        accessors.UnionWith([@event.GetAccessors().Adder, @event.GetAccessors().Remover]);
        var adder = reader.GetMethodDefinition(@event.GetAccessors().Adder);
        if (IsVisibleMethod(adder))
        {
            yield return new(@namespace, $"E:{name}.{Text(@event.Name)}", IsOverride(adder));
        }
    }

    foreach (var method in type.GetMethods().Where(method => !accessors.Contains(method)).Select(reader.GetMethodDefinition).Where(IsVisibleMethod))
    {
        var signature = method.DecodeSignature(ids, null);
        var arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
        // Conversions may differ in what they return alone, so theirs is the only return type in an id.
        var result = Text(method.Name) is "op_Implicit" or "op_Explicit" or "op_CheckedExplicit" ? $"~{signature.ReturnType}" : "";
        yield return new(@namespace, $"M:{name}.{Text(method.Name)}{arity}{Types(signature)}{result}", IsOverride(method), Parameters(method, signature));
    }

    foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
    {
        var access = field.Attributes & FieldAttributes.FieldAccessMask;
        if (access is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem && !field.Attributes.HasFlag(FieldAttributes.RTSpecialName))
        {
            yield return new(@namespace, $"F:{name}.{Text(field.Name)}");
        }
    }

    string Text(StringHandle name) => reader.GetString(name).Replace('.', '#');

    static string Types(MethodSignature<string> signature) => signature.ParameterTypes.IsEmpty ? "" : $"({string.Join(',', signature.ParameterTypes)})";

    // Number 0 stands for what is returned, and the number after the last for the value that a setter gets.
    string Parameters(MethodDefinition method, MethodSignature<string> signature) => string.Join(',', method.GetParameters()
        .Select(reader.GetParameter)
        .Where(parameter => parameter.SequenceNumber >= 1 && parameter.SequenceNumber <= signature.ParameterTypes.Length)
        .Select(parameter => reader.GetString(parameter.Name)));
}

static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
{
    var type = reader.GetTypeDefinition(handle);
    return (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(reader, type.GetDeclaringType()),
        _ => false,
    };
}

static bool IsVisibleMethod(MethodDefinition method) =>
    (method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

static bool IsOverride(MethodDefinition method) =>
    (method.Attributes & (MethodAttributes.Virtual | MethodAttributes.NewSlot)) == MethodAttributes.Virtual;

// Whoever finds the file finds all of it: it gets its name when it is complete.
static void Save(string path, IEnumerable<string> lines)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    File.WriteAllLines(path + ".tmp", lines);
    File.Move(path + ".tmp", path, overwrite: true);
}

internal sealed record Member(string Namespace, string Id, bool Overrides = false, string Parameters = "");

/// <summary>Spells types as documentation ids do: System.Collections.Generic.List{`0}, System.Int32[], System.Char*.</summary>
internal sealed partial class DocumentationIds : ISignatureTypeProvider<string, object?>
{
    public static string Of(MetadataReader reader, TypeDefinition type) =>
        type.GetDeclaringType() is { IsNil: false } outer
            ? $"{Of(reader, reader.GetTypeDefinition(outer))}.{reader.GetString(type.Name)}"
            : Of(reader, type.Namespace, type.Name);

    public static string NamespaceOf(MetadataReader reader, TypeDefinition type) =>
        type.GetDeclaringType() is { IsNil: false } outer
            ? NamespaceOf(reader, reader.GetTypeDefinition(outer))
            : reader.GetString(type.Namespace);

    public string Of(MetadataReader reader, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
        _ => GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type, 0),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Of(reader, reader.GetTypeDefinition(handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{reader.GetString(type.Name)}"
            : Of(reader, type.Namespace, type.Name);
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // The arguments stand with the type that asks for them, be it the outer one: Dictionary{`0,`1}.KeyCollection.
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
    {
        var next = 0;
        return Arity().Replace(genericType, arity =>
        {
            var count = int.Parse(arity.ValueSpan[1..]);
            next += count;
            return $"{{{string.Join(',', typeArguments[(next - count)..next])}}}";
        });
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string elementType) => $"{elementType}@";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetGenericTypeParameter(object? genericContext, int index) => $"`{index}";

    public string GetGenericMethodParameter(object? genericContext, int index) => $"``{index}";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    // The compiler leaves the place of a function pointer empty.
    public string GetFunctionPointerType(MethodSignature<string> signature) => "";

    private static string Of(MetadataReader reader, StringHandle @namespace, StringHandle name) =>
        @namespace.IsNil ? reader.GetString(name) : $"{reader.GetString(@namespace)}.{reader.GetString(name)}";

    [GeneratedRegex(@"`\d+")]
    private static partial Regex Arity();
}
