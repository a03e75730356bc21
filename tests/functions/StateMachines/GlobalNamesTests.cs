using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>
/// Names of roles, policies and instance profiles are global to an account
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names): what is installed in each
/// region of an account, or once for each service, gives such a name only where a second region or service cannot give it again.
/// </summary>
public sealed class GlobalNamesTests
{
    private static readonly string[] Names = ["RoleName", "ManagedPolicyName", "InstanceProfileName", "UserName", "GroupName"];

    [Fact]
    public void The_way_into_an_account_names_roles_only_in_the_region_that_makes_them()
    {
        var resources = Read("target.yaml");

        var named = resources.Where(resource => NameOf(resource.Value!) is not null).ToList();
        named.Count.ShouldBe(4);
        named.ShouldAllBe(resource => resource.Value!["Condition"]!.ToString() == "MakesRoles");
        resources
            .Where(resource => resource.Value!["Condition"] is null)
            .Select(resource => resource.Key)
            .ShouldBe(["ForwardedEvents", "UndeliveredEvents", "UndeliveredEventsPolicy", "UndeliveredEventsAlarm"]);
    }

    /// <summary>In a region that makes no roles the rule has that of the account, by its name.</summary>
    [Fact]
    public void The_rule_of_a_further_region_sends_to_the_bus_in_the_region_of_the_deployer_with_the_role_of_the_account()
    {
        var target = Read("target.yaml")["ForwardedEvents"]!["Properties"]!["Targets"]!.AsArray().Single()!;
        var role = Read("target.yaml")["ForwardedEventsRole"]!["Properties"]!;

        target["Arn"]!["Fn::Sub"]!
            .ToString()
            .ShouldBe("arn:${AWS::Partition}:events:${ToolsRegion}:${ToolsAccount}:event-bus/deployer-${Stage}");
        target["RoleArn"]!["Fn::If"]![2]!["Fn::Sub"]!
            .ToString()
            .ShouldBe($"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{role["RoleName"]!["Fn::Sub"]}");
        var trust = role["AssumeRolePolicyDocument"]!["Statement"]![0]!["Condition"]!;
        trust["ArnLike"]!["aws:SourceArn"]!["Fn::Sub"]!.ToString().ShouldContain(":events:*:${AWS::AccountId}:rule/deployer-${Stage}");
        role["Policies"]![0]!["PolicyDocument"]!["Statement"]![0]!["Resource"]!.ToJsonString().ShouldBe(target["Arn"]!.ToJsonString());
    }

    /// <summary>Once for each service, stage and region.</summary>
    [Fact]
    public void What_a_service_is_granted_has_no_name_that_is_global_to_the_account()
    {
        var resources = Read("service-access.yaml");

        resources.ShouldAllBe(resource => resource.Value!["Type"]!.ToString() == "AWS::IAM::ManagedPolicy");
        resources.ShouldAllBe(resource => NameOf(resource.Value!) == null);
    }

    [Theory]
    [InlineData("pipeline.yaml")]
    [InlineData("transactor.yaml")]
    public void A_name_of_what_a_service_has_in_each_region_holds_the_region(string template) =>
        Read(template)
            .Select(resource => NameOf(resource.Value!))
            .Where(name => name is not null)
            .ShouldAllBe(name => name!.ToJsonString(null).Contains("${AWS::Region}"));

    private static JsonObject Read(string template) =>
        TemplateText.Read(File.ReadAllText(Path.Combine(Repository.Root, "templates", template)))["Resources"]!.AsObject();

    private static JsonNode? NameOf(JsonNode resource) =>
        resource["Type"]!.ToString().StartsWith("AWS::IAM::", StringComparison.Ordinal)
            ? Names.Select(name => resource["Properties"]?[name]).FirstOrDefault(name => name is not null)
            : null;
}
