using System.Reflection;
using Amazon.ECS.Model;
using Amazon.Runtime;
using Deployer.Spec.Rules;

namespace Deployer.Functions.Tests.Services;

/// <summary>What a file with a task definition may hold is what the SDK registers, which is generated of AWS's own description.</summary>
public sealed class DefinitionMembersTests
{
    [Fact]
    public void The_members_of_a_task_definition_are_those_of_the_request() =>
        Check(DefinitionMembers.Root, typeof(RegisterTaskDefinitionRequest));

    private static void Check(string name, Type shape)
    {
        var members = DefinitionMembers.Find(name).ShouldNotBeNull(name);
        var properties = shape.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        members.Keys.ShouldBe(properties.Select(property => Camel(property.Name)), ignoreOrder: true, name);
        foreach (var property in properties)
        {
            CheckKind($"{name}.{property.Name}", members[Camel(property.Name)], property.PropertyType);
        }
    }

    private static void CheckKind(string place, string kind, Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            CheckKind(place, DefinitionMembers.Item(kind).ShouldNotBeNull(place), type.GetGenericArguments()[0]);
        }
        else if (typeof(ConstantClass).IsAssignableFrom(type))
        {
            kind.Split('|')
                .ShouldBe(
                    type.GetFields(BindingFlags.Public | BindingFlags.Static)
                        .Select(field => field.GetValue(null))
                        .OfType<ConstantClass>()
                        .Select(constant => constant.Value),
                    ignoreOrder: true,
                    place
                );
        }
        else if (type == typeof(Dictionary<string, string>))
        {
            kind.ShouldBe("map", place);
        }
        else if (type == typeof(string))
        {
            kind.ShouldBe("text", place);
        }
        else if (type == typeof(int?) || type == typeof(int))
        {
            kind.ShouldBe("number", place);
        }
        else if (type == typeof(bool?))
        {
            kind.ShouldBe("flag", place);
        }
        else
        {
            Check(kind, type);
        }
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
