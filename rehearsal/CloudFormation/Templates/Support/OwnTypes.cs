using Deployer.Rehearsal.CloudFormation.Templates.Changes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>The resource types with a model of their own, without a world to hold them.</summary>
internal static class OwnTypes
{
    /// <summary>Whether the type has one.</summary>
    public static bool Has(string type) => ReplacementRules.Types.Contains(type);
}
