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

    public static string Of(Type type)
    {
        if (type.IsByRef || type.IsGenericParameter)
        {
            return type.IsByRef ? Of(type.GetElementType()!) : type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        var name = type.Name.Split('`')[0];
        var arguments = type.GetGenericArguments();
        return Words.TryGetValue(type, out var word)
            ? word
            : $"{(type.DeclaringType is { } outer ? Of(outer) : type.Namespace)}.{name}{(arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>")}";
    }
}
