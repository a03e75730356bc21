using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>The blocks of addresses of VPCs and subnets.</summary>
/// <remarks>
/// "The allowed block size is between a /28 netmask and /16 netmask":
/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html and API_CreateSubnet.html; the errors are in
/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
/// </remarks>
internal sealed class BlockRule : IPropertyRule
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::VPCCidrBlock"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties)
    {
        if (properties.Known("CidrBlock") is not { } block)
        {
            yield break;
        }

        if (IpBlock.Read(block) is not { IsVersion6: false } read)
        {
            yield return new RefusedValue(
                ["CidrBlock"],
                $"is \"{block}\"",
                "a block of addresses, such as 10.0.0.0/16",
                "InvalidParameterValue",
                $"Value ({block}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
            );
        }
        else if (read.Length is < 16 or > 28)
        {
            yield return new RefusedValue(
                ["CidrBlock"],
                $"is \"{block}\"",
                "a block of the size /16 to /28",
                type == "AWS::EC2::Subnet" ? "InvalidSubnet.Range" : "InvalidVpc.Range",
                $"The CIDR '{block}' is invalid."
            );
        }
    }
}
