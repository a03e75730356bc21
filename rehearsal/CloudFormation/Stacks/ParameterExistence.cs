using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>
/// Looks up the values of parameters of AWS-specific types, as CloudFormation does before it begins: "CloudFormation validates these input
/// values against existing values in users' accounts". Of some types the rehearsal knows no values; those are taken.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html. The words:
/// https://github.com/PacktPublishing/Implementing-DevOps-on-AWS/issues/2
/// </remarks>
internal static class ParameterExistence
{
    /// <exception cref="TemplateException">A value names what there is not.</exception>
    public static void Check(
        RehearsalWorld world,
        string account,
        string region,
        Template template,
        IReadOnlyDictionary<string, ParameterValue> values
    )
    {
        foreach (var declaration in template.Parameters.Values)
        {
            if (!values.TryGetValue(declaration.Name, out var value) || KnownAfterApply.In(value.InUse))
            {
                continue;
            }

            var type = declaration.IsList ? declaration.ValueType["List<".Length..^1] : declaration.ValueType;
            var items = declaration.IsList ? value.InUse.Split(',', StringSplitOptions.TrimEntries) : [value.InUse];
            foreach (var item in items.Where(item => Exists(world, account, region, type, item) == false))
            {
                throw new TemplateException(
                    $"Parameter validation failed: parameter value {item} for parameter name {declaration.Name} does not exist"
                );
            }
        }
    }

    /// <summary>Whether there is such a thing; <see langword="null"/> where the rehearsal does not know.</summary>
    private static bool? Exists(RehearsalWorld world, string account, string region, string type, string value) =>
        type switch
        {
            "AWS::EC2::AvailabilityZone::Name" => value.Length == region.Length + 1
                && value[..^1] == region
                && value[^1] is >= 'a' and <= 'f',
            "AWS::EC2::VPC::Id" => Has(world, account, region, "AWS::EC2::VPC", value),
            "AWS::EC2::Subnet::Id" => Has(world, account, region, "AWS::EC2::Subnet", value),
            "AWS::EC2::SecurityGroup::Id" => Has(world, account, region, "AWS::EC2::SecurityGroup", value)
                || world
                    .Store.Table<RecordedResource>("resources")
                    .WithPrefix(RegionalKey.Create(account, region, "AWS::EC2::VPC", string.Empty))
                    .Any(vpc => vpc.Value.Attributes.GetValueOrDefault("DefaultSecurityGroup").Text() == value),
            _ when type.StartsWith("AWS::", StringComparison.Ordinal) && value.Length == 0 => false,
            _ => null,
        };

    private static bool Has(RehearsalWorld world, string account, string region, string type, string id) =>
        id.Length > 0 && world.Store.Table<RecordedResource>("resources").Get(RegionalKey.Create(account, region, type, id)) is not null;
}
