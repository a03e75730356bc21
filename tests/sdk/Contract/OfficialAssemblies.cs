using System.Reflection;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>The official packages that the registry serves: what they look like is what ours have to look like.</summary>
internal static class OfficialAssemblies
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "bool",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(string)] = "string",
    };

    /// <summary>Their names.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    ["AWSSDK.DynamoDBv2", "AWSSDK.EC2", "AWSSDK.S3", "AWSSDK.SecurityToken", "AWSSDK.SimpleSystemsManagement"];

    /// <summary>The names of the packages that stand in <c>sdk/</c> instead.</summary>
    internal static IReadOnlyList<string> OwnNames { get; } =
    [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "sdk"), "AWSSDK.*").Select(folder => Path.GetFileName(folder))];

    /// <summary>The members that a shape's class has itself, by name.</summary>
    internal static Dictionary<string, Type> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .ToDictionary(property => property.Name, property => property.PropertyType);

    /// <summary>The type as the generator writes it, for example <c>List&lt;string&gt;</c> or <c>int?</c>.</summary>
    internal static string Written(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Written(value) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Written))}>"
        : Words.GetValueOrDefault(type, type.Name);
}
