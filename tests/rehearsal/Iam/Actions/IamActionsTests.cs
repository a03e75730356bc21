using Deployer.Rehearsal.Iam.Actions;
using Deployer.Rehearsal.Wire;
using Deployer.Tests.Npm;

namespace Deployer.Rehearsal.Tests.Iam.Actions;

public sealed class IamActionsTests
{
    [Fact]
    public void Are_what_the_generator_writes_from_its_pinned_package()
    {
        var (exit, generated) = new NodeGenerator(Path.Combine(Folder(), "generate")).Run("generate.mjs", "--text");

        exit.ShouldBe(0, generated);
        string.Equals(generated, IamActions.Text(), StringComparison.Ordinal).ShouldBeTrue("actions.zip is not what generate.mjs writes");
    }

    [Fact]
    public void Are_small() => new FileInfo(Path.Combine(Folder(), "actions.zip")).Length.ShouldBeLessThan(300_000);

    [Fact]
    public void An_action_knows_its_types_of_resources_and_its_condition_keys()
    {
        var read = IamActions.Find("S3:getobject")!;

        read.Name.ShouldBe("s3:GetObject");
        read.Knows("arn:aws:s3:::bucket/key").ShouldBeTrue();
        read.Knows("arn:aws:s3:::bucket").ShouldBeFalse();
        read.Has("s3:ExistingObjectTag/team").ShouldBeTrue();
        read.Has("aws:ResourceAccount").ShouldBeTrue();
        read.Has("iam:PassedToService").ShouldBeFalse();
        IamActions.Find("iam:PassRole")!.Has("iam:PassedToService").ShouldBeTrue();
        IamActions.Find("lambda:GetAccountSettings")!.Has("aws:RequestTag/team").ShouldBeFalse();
    }

    [Theory]
    [InlineData("s3:GetObjekt")]
    [InlineData("s4:GetObject")]
    [InlineData("GetObject")]
    public void An_action_that_IAM_does_not_know_is_none(string action) => IamActions.Find(action).ShouldBeNull();

    [Fact]
    public void A_pattern_names_the_actions_of_one_service()
    {
        IamActions.Matching("codedeploy:ListDeploymentT*").ShouldHaveSingleItem().Name.ShouldBe("codedeploy:ListDeploymentTargets");
        IamActions.Matching("codedeploy:*").Count().ShouldBeGreaterThan(40);
        IamActions.Matching("*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("s3:ListBucket", "arn:aws:s3:::datomic-code-*", true)]
    [InlineData("s3:ListBucket", "arn:aws:s3:::datomic-code-*/datomic/*", false)]
    [InlineData("codedeploy:ListDeploymentGroups", "arn:aws:codedeploy:us-east-1:111111111111:application:inventory", true)]
    [InlineData("codedeploy:ListDeploymentGroups", "arn:aws:codedeploy:us-east-1:111111111111:deploymentgroup:inventory/*", false)]
    [InlineData("codedeploy:ListDeploymentTargets", "arn:aws:codedeploy:us-east-1:111111111111:deploymentgroup:inventory/x", false)]
    [InlineData("cloudformation:DescribeStacks", "arn:aws:cloudformation:us-east-1:111111111111:stack/inventory-dev/*", true)]
    [InlineData("ec2:CreateSecurityGroup", "arn:aws:ec2:*:111111111111:*/*", true)]
    [InlineData("ec2:DescribeVpcs", "arn:aws:ec2:*:111111111111:*/*", false)]
    [InlineData("states:SendTaskSuccess", "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy", true)]
    public void A_pattern_of_ARNs_is_of_a_type_that_an_action_knows_or_not(string action, string pattern, bool known)
    {
        IamActions.Find(action)!.Knows(pattern).ShouldBe(known);
        IamActions.Find(action)!.JudgedOn(pattern).ShouldBe(known ? pattern : "*");
    }

    [Theory]
    [InlineData("ec2:CreateSecurityGroup", "AWS::EC2::SecurityGroup", "sg-1", "arn:aws:ec2:us-east-1:111111111111:security-group/sg-1")]
    [InlineData(
        "ec2:AuthorizeSecurityGroupIngress",
        "AWS::EC2::SecurityGroupIngress",
        "sg-1",
        "arn:aws:ec2:us-east-1:111111111111:security-group/sg-1"
    )]
    [InlineData("ec2:DescribeVpcs", "AWS::EC2::VPC", "vpc-1", "*")]
    [InlineData(
        "elasticloadbalancing:CreateLoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/x/1",
        "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/x/1"
    )]
    public void What_CloudFormation_makes_has_the_ARN_of_the_type_that_is_meant(string action, string type, string id, string arn) =>
        IamActions.Find(action)!.ArnOf(new MadeResource(type, "us-east-1", "111111111111", id)).ShouldBe(arn);

    private static string Folder() => Repository.At("rehearsal/Iam/Actions");
}
