using System.Reflection;
using System.Runtime.CompilerServices;

namespace Deployer.Sdk.Tests.Api;

/// <summary>What a program can use of an assembly: its types with their members, as text that is the same for every build.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>
    /// One line for each type and, indented below it, for each of its members that is public or protected; both in ordinal order.
    /// </summary>
    public static string Describe(Assembly assembly) =>
        string.Concat(
            assembly
                .GetExportedTypes()
                .Select(type => (Header: Header(type), Members: type.IsEnum ? Values(type) : Members(type)))
                .OrderBy(type => type.Header, StringComparer.Ordinal)
                .Select(type =>
                    string.Concat([type.Header, .. type.Members.Order(StringComparer.Ordinal).Select(member => $"\n  {member}"), "\n"])
                )
        );

    private static string Header(Type type)
    {
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        Type[] bases =
        [
            .. type.BaseType is { } based && based != typeof(object) && !type.IsValueType ? [based] : Type.EmptyTypes,
            .. type.GetInterfaces().Except(inherited).OrderBy(TypeName.Write, StringComparer.Ordinal),
        ];
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsInterface: true } => "interface",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var inherits = bases.Length == 0 || type.IsEnum ? "" : $" of {string.Join(", ", bases.Select(TypeName.Write))}";
        return $"{TypeName.Write(type)}: {kind}{inherits}";
    }

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

    private static IEnumerable<string> Members(Type type) =>
        [
            .. type.GetConstructors(Declared).Where(Seen).Select(member => $"{Access(member)}new({Parameters(member)})"),
            .. type.GetFields(Declared)
                .Where(field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !Generated(field))
                .Select(Field),
            .. type.GetProperties(Declared).Where(property => Accessors(property).Any()).Select(Property),
            .. type.GetEvents(Declared)
                .Where(member => Seen(member.AddMethod))
                .Select(member => $"event {TypeName.Write(member.EventHandlerType!)} {member.Name}"),
            .. type.GetMethods(Declared).Where(method => Seen(method) && !Accessor(method) && !Generated(method)).Select(Method),
        ];

    private static string Field(FieldInfo field) =>
        field.IsLiteral
            ? $"const {TypeName.Write(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}"
            : (field.IsPublic ? "" : "protected ")
                + (field.IsStatic ? "static " : "")
                + (field.IsInitOnly ? "readonly " : "")
                + $"{TypeName.Write(field.FieldType)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var accessors = Accessors(property).ToList();
        var widest = accessors.Find(accessor => accessor.IsPublic) ?? accessors[0];
        var index = property.GetIndexParameters() is { Length: > 0 } parameters
            ? $"[{string.Join(", ", parameters.Select(parameter => TypeName.Write(parameter.ParameterType)))}]"
            : "";
        var kinds = accessors.Select(accessor => $"{(widest.IsPublic && !accessor.IsPublic ? "protected " : "")}{Kind(accessor)}; ");
        return $"{Access(widest)}{TypeName.Write(property.PropertyType)} {property.Name}{index} {{ {string.Concat(kinds)}}}";

        string Kind(MethodInfo accessor) =>
            accessor == property.GetMethod ? "get"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init"
            : "set";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)}{TypeName.Write(method.ReturnType)} {method.Name}{generic}({extension}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(parameter =>
                    Direction(parameter)
                    + $"{TypeName.Write(parameter.ParameterType)} {parameter.Name}"
                    + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")
                )
        );

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (
            method.IsStatic ? "static "
            : method.DeclaringType!.IsInterface ? ""
            : method.IsAbstract ? "abstract "
            : method is MethodInfo { IsVirtual: true } info && info.GetBaseDefinition() != info ? "override "
            : method is { IsVirtual: true, IsFinal: false } ? "virtual "
            : ""
        );

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(Seen);

    private static bool Seen(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool Accessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool Generated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Direction(ParameterInfo parameter) =>
        parameter.IsOut ? "out "
        : parameter.ParameterType.IsByRef ? "ref "
        : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
        : "";
}
