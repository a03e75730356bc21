using System.Collections;
using System.Reflection;
using Amazon.ECS.Model;
using Amazon.Runtime;
using Deployer.Functions.Services;

namespace Deployer.Functions.Tests.Services;

/// <summary>What is registered of a running revision.</summary>
public sealed class WantedDefinitionTests
{
    /// <summary>A member that the copy leaves out is lost to the service with the next deployment.</summary>
    [Fact]
    public void Every_member_that_can_be_registered_is_copied()
    {
        var running = new TaskDefinition();
        var members = typeof(RegisterTaskDefinitionRequest)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            // Tags are answered beside the definition, and kept by the caller.
            .Where(member => member.CanWrite && member.Name != nameof(RegisterTaskDefinitionRequest.Tags))
            .ToList();
        foreach (var member in members)
        {
            var of = typeof(TaskDefinition).GetProperty(member.Name).ShouldNotBeNull(member.Name);
            of.SetValue(running, Filled(of.PropertyType));
        }

        var copy = WantedDefinition.Copy(running);

        members.Count.ShouldBeGreaterThan(15);
        foreach (var member in members)
        {
            var value = member.GetValue(copy).ShouldNotBeNull(member.Name);
            value.ShouldBe(typeof(TaskDefinition).GetProperty(member.Name)!.GetValue(running), member.Name);
        }
    }

    private static object Filled(Type type)
    {
        var of = Nullable.GetUnderlyingType(type) ?? type;
        if (of == typeof(string))
        {
            return "value";
        }

        if (of == typeof(bool))
        {
            return true;
        }

        if (typeof(ConstantClass).IsAssignableFrom(of))
        {
            return Activator.CreateInstance(of, "value")!;
        }

        var made = Activator.CreateInstance(of)!;
        if (made is IList list)
        {
            list.Add(Filled(of.GetGenericArguments()[0]));
        }

        return made;
    }
}
