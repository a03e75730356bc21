using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Rehearsal.Tests.CloudFormation.Stacks;

/// <summary>Values of parameters that are to name what there is in the account.</summary>
public sealed class ParameterExistenceTests : IDisposable
{
    private const string Network = """
        Resources:
          Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
          Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
          Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: d, VpcId: !Ref Vpc } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployer-parameters-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("AWS::EC2::VPC::Id", "vpc-0123456789abcdef0")]
    [InlineData("AWS::EC2::VPC::Id", "")]
    [InlineData("AWS::EC2::Subnet::Id", "subnet-0123456789abcdef0")]
    [InlineData("List<AWS::EC2::Subnet::Id>", "{Subnet},subnet-0123456789abcdef0")]
    [InlineData("AWS::EC2::SecurityGroup::Id", "{Vpc}")]
    [InlineData("List<AWS::EC2::SecurityGroup::Id>", "")]
    [InlineData("AWS::EC2::AvailabilityZone::Name", "us-east-1z")]
    [InlineData("List<AWS::EC2::AvailabilityZone::Name>", "us-east-1a,eu-west-1a")]
    public async Task A_value_that_names_nothing_fails_the_change_set_and_what_needs_none(string type, string value)
    {
        await using var world = new StackWorld();
        await world.Created("network", Network);
        var given = new GivenParameter("P", await Named(world, value));

        var changeSet = await world.ChangeSet("service", "first", Template(type), isCreation: true, parameters: given);
        var direct = await Should.ThrowAsync<Rehearsal.Wire.ApiException>(world.Create("other", Template(type), given));

        changeSet.Status.ShouldBe(ChangeSetStatus.FAILED);
        changeSet.StatusReason.ShouldBe(
            $"Parameter validation failed: parameter value {given.Value!.Split(',')[^1]} for parameter name P does not exist"
        );
        direct.Message.ShouldBe(changeSet.StatusReason);
    }

    [Theory]
    [InlineData("AWS::EC2::VPC::Id", "{Vpc}")]
    [InlineData("List<AWS::EC2::Subnet::Id>", "{Subnet}")]
    [InlineData("AWS::EC2::SecurityGroup::Id", "{Group}")]
    [InlineData("AWS::EC2::AvailabilityZone::Name", "us-east-1c")]
    [InlineData("AWS::EC2::KeyPair::KeyName", "somebody's")]
    [InlineData("AWS::Route53::HostedZone::Id", "Z1")]
    public async Task What_there_is_or_what_is_not_known_is_taken(string type, string value)
    {
        await using var world = new StackWorld();
        await world.Created("network", Network);

        var changeSet = await world.ChangeSet(
            "service",
            "first",
            Template(type),
            isCreation: true,
            parameters: new GivenParameter("P", await Named(world, value))
        );

        (changeSet.Status, changeSet.StatusReason).ShouldBe((ChangeSetStatus.CREATE_COMPLETE, null));
    }

    [Fact]
    public async Task A_name_of_a_parameter_that_the_store_lacks_is_refused()
    {
        await using var world = new StackWorld();

        var refused = await Should.ThrowAsync<Rehearsal.Wire.ApiException>(
            world.ChangeSet(
                "service",
                "first",
                Template("AWS::SSM::Parameter::Name"),
                isCreation: true,
                parameters: new GivenParameter("P", "/missing")
            )
        );

        refused.Message.ShouldBe("Unable to fetch parameters [/missing] from parameter store for this account.");
    }

    [Fact]
    public void What_is_taken_without_a_look_is_named()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "t.yaml"),
            """
            Parameters:
              Key: { Type: AWS::EC2::KeyPair::KeyName }
              Image: { Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>" }
              Zones: { Type: List<AWS::Route53::HostedZone::Id> }
              Vpc: { Type: AWS::EC2::VPC::Id }
              Text: { Type: String }
            """
        );

        TakenParameter
            .FindInFiles(_folder.FullName, ["t.yaml"])
            .Select(taken => $"{taken.Line}:{taken.Column}: {taken.Words}")
            .ShouldBe([
                "2:16: the rehearsal takes any value of Key, since it looks up none of AWS::EC2::KeyPair::KeyName; CloudFormation "
                    + "refuses one that does not exist",
                "3:18: the rehearsal takes any value of Image, since it looks up none of AWS::EC2::Image::Id; CloudFormation "
                    + "refuses one that does not exist",
                "4:18: the rehearsal takes any value of Zones, since it looks up none of AWS::Route53::HostedZone::Id; CloudFormation "
                    + "refuses one that does not exist",
            ]);
    }

    private static string Template(string type) =>
        $"Parameters: {{ P: {{ Type: \"{type}\" }} }}\nResources: {{ T: {{ Type: AWS::SNS::Topic }} }}";

    private static async Task<string> Named(StackWorld world, string value)
    {
        var network = await world.Do(() => new StackTable(world.World).Find("111111111111", "us-east-1", "network")!);
        return network.Resources.Values.Aggregate(
            value,
            (text, resource) => text.Replace($"{{{resource.LogicalId}}}", resource.PhysicalId, StringComparison.Ordinal)
        );
    }
}
