using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>What a service refuses of a resource's properties beside what the schema of its type says.</summary>
internal interface IPropertyRule
{
    /// <summary>The types that it is about.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>What is refused. A value that is not known is not judged.</summary>
    /// <param name="type">The resource's type.</param>
    /// <param name="properties">The properties, as they are written or evaluated.</param>
    IEnumerable<RefusedValue> Find(string type, JsonObject properties);
}
