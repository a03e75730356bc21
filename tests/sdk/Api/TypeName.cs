namespace Deployer.Sdk.Tests.Api;

/// <summary>A type as C# writes it, with its namespace unless the language has a word for it.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    public static string Write(Type type)
    {
        if (type.IsByRef || type.IsGenericParameter)
        {
            return type.IsByRef ? Write(type.GetElementType()!) : type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Write(value) + "?";
        }

        if (type.IsArray)
        {
            return Write(type.GetElementType()!) + "[]";
        }

        var name = type.Name.Split('`')[0];
        var arguments = type.GetGenericArguments();
        var generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Write))}>";
        var outer = type.DeclaringType is { } declaring ? Write(declaring) : type.Namespace;
        return Words.TryGetValue(type, out var word) ? word : $"{outer}.{name}{generic}";
    }
}
