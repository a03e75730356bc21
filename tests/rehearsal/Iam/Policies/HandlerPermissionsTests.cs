using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Iam.Actions;

namespace Deployer.Rehearsal.Tests.Iam.Policies;

/// <summary>
/// CloudFormation's role against what AWS's registry says that the handlers of resource types call (the permissions of a type's schema, an
/// upper bound): https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html.
/// </summary>
public sealed partial class HandlerPermissionsTests(DeployedPolicies policies) : IClassFixture<DeployedPolicies>
{
    /// <summary>What compute groups and services make beside what the example's templates hold.</summary>
    private static readonly string[] Further =
    [
        "AWS::CloudFormation::Stack",
        "AWS::CloudWatch::Alarm",
        // Of Datomic's storage, beside what the example's template has: tables that scale, and a network that reaches the internet.
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::CloudWatch::Dashboard",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EFS::MountTarget",
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Version",
        "AWS::Logs::LogGroup",
    ];

    /// <summary>What handlers call only for what these templates do not use, by a pattern; with the reason.</summary>
    private static readonly (string Action, string Reason)[] NotGranted =
    [
        ("^kms:", "resources with a key of the customer's: CloudFormationPolicies"),
        (
            "^(cognito-idp|elasticfilesystem|firehose|kinesis|s3files|s3tables|vpc-lattice|vpce):",
            "resources of further services beside them: CloudFormationPolicies"
        ),
        ("^cloudwatch:.*InsightRules$", "contributor insights of an endpoint service (ContributorInsightsConfig)"),
        ("^cloudformation:(SetStackPolicy|UpdateTerminationProtection)$", "a nested stack with a policy or a protection of its own"),
        (
            "^codedeploy:(RegisterOnPremisesInstance|StopDeployment)$",
            "a deployment group with machines outside of AWS or a first deployment"
        ),
        (@"^ec2:Get\*$", "Auto Scaling groups that describe the instances they want (InstanceRequirements)"),
        (@"^ssm:Get\*$", "launch templates with an image by a parameter's name"),
        ("^application-autoscaling:.*ScheduledActions?$", "tables whose capacity follows the clock"),
        ("^cloudwatch:GetMetricData$", "scaling that predicts"),
        (
            "^dynamodb:(AssociateTableReplica|BatchWriteItem|CreateTableReplica|(Delete|Get|Put|Update)Item|Query|Scan)$",
            "global tables, which Datomic's are not"
        ),
        ("^dynamodb:(DescribeImport|ImportTable)$", "tables that begin with data from a bucket"),
        ("^dynamodb:(Disable|Enable|Update)KinesisStreamingDestination$", "tables that stream"),
        ("^dynamodb:((Delete|Put)ResourcePolicy|UpdateContributorInsights)$", "tables with policies or insights of their own"),
        ("^ec2:(Associate|Disassociate)SubnetCidrBlock$", "subnets with addresses of IPv6"),
        ("^ec2:(Attach|Detach)VpnGateway$", "networks with a VPN"),
        ("^ec2:(CreateVpcEncryptionControl|ModifyVpcTenancy)$", "networks that force encryption, or hosts of their own"),
        ("^s3:(Create|Delete|Update)BucketMetadata.*TableConfiguration$", "buckets with tables of their metadata"),
        ("^s3:(DeleteBucketWebsite|DeleteObject|PutObjectAcl)$", "buckets with a website, objects or logs of another bucket"),
        ("^elasticloadbalancing:Modify(CapacityReservation|IpPools)$", "load balancers with reserved capacity or pools of addresses"),
        ("^iam:(Attach|Delete|Detach|Get|Put)(Group|User)Policy$", "policies of people: no template of a service has any"),
        ("^iam:DeleteRolePermissionsBoundary$", "a boundary stays on a role"),
        (
            "^lambda:(GetCodeSigningConfig|GetLayerVersion|PassCapacityProvider)$",
            "functions with signed code, layers or instances of their own"
        ),
        ("^logs:(CreateLogDelivery|DeleteIndexPolicy|DeleteResourcePolicy|PutIndexPolicy|PutResourcePolicy)$", "log groups with policies"),
    ];

    /// <summary>What acceptance tests have the accounts' administrators make, and no step does.</summary>
    private static readonly (string Type, string Reason)[] OfAccounts =
    [
        ("AWS::ECR::Repository", "the repository of images that a service's tasks run: CloudFormationPolicies"),
        ("AWS::ECS::Cluster", "where tasks run; steps of the kind service change what runs there themselves: CloudFormationPolicies"),
        ("AWS::ECS::Service", "the same"),
        ("AWS::ECS::TaskDefinition", "the same"),
        ("AWS::SNS::Topic", "what people subscribe to for notifications: CloudFormationPolicies"),
        ("AWS::SSM::Parameter", "a parameter as a resource; outputs are published by the deployer itself: CloudFormationPolicies"),
        ("AWS::SQS::Queue", "what notifications are read from: CloudFormationPolicies"),
    ];

    /// <summary>
    /// A grant on names of others is none: each action is granted where it knows the name of something of the service, or on what has ids
    /// and no names.
    /// </summary>
    [Fact]
    public void What_the_handlers_call_is_granted_on_the_names_that_the_service_s_stacks_give()
    {
        var elsewhere = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (permission, type) in Handlers(Types()))
        {
            if (IamActions.Matching(permission).FirstOrDefault() is not { } action)
            {
                continue;
            }

            var resources = policies
                .Statements.Where(statement => statement.Role == "deployer-dev-cloudformation" && statement.Allows)
                .Where(statement => statement.Actions.SelectMany(IamActions.Matching).Any(granted => granted.Name == action.Name))
                .SelectMany(statement => statement.Resources)
                .Where(resource => resource == "*" || action.Knows(resource))
                .ToList();
            if (resources.Count > 0 && !resources.Exists(IsOfService))
            {
                elsewhere.Add($"{permission} ({type}): {string.Join(' ', resources)}");
            }
        }

        elsewhere.ShouldBeEmpty();
    }

    /// <summary>Whether a resource's name may be one of inventory or its system on dev: it begins so, or is not said.</summary>
    private static bool IsOfService(string resource)
    {
        var name = resource.Split(':', 6)[^1];
        return Regex.IsMatch(name, "(^|[:/-])(inventory-dev|inventory/dev|artifacts/inventory|datomic-dev)([-/:*]|$)")
            || !Regex.IsMatch(name, "[a-z]+[-/]dev");
    }

    [Fact]
    public void The_role_may_call_what_the_handlers_do()
    {
        var granted = policies.Granted("deployer-dev-cloudformation");
        var unmatched = NotGranted.Select(one => one.Action).ToHashSet();
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (permission, type) in Handlers(Types()))
        {
            // Names that IAM does not know, such as s3:getObject's older ones, need no grant.
            if (IamActions.Matching(permission).FirstOrDefault() is not { } action || granted.Contains(action.Name))
            {
                continue;
            }

            if (NotGranted.FirstOrDefault(one => Regex.IsMatch(permission, one.Action, RegexOptions.IgnoreCase)).Action is { } pattern)
            {
                unmatched.Remove(pattern);
            }
            else
            {
                missing.Add($"{permission} ({type})");
            }
        }

        missing.ShouldBeEmpty();
        OfAccounts.Select(type => type.Type).Except(Written()).ShouldBeEmpty("no template has these any more");
        unmatched.ShouldBeEmpty("these exceptions are none any more");
    }

    private static IEnumerable<(string Permission, string Type)> Handlers(IEnumerable<string> types)
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(Facts()));
        var root = facts.RootElement.Clone();
        return
        [
            .. types
                // Some types have no handlers of their own, as hooks have none.
                .Where(type => root.TryGetProperty(type, out var known) && known.TryGetProperty("permissions", out _))
                .SelectMany(type =>
                    root.GetProperty(type)
                        .GetProperty("permissions")
                        .EnumerateObject()
                        .Where(handler => handler.Name != "list")
                        .SelectMany(handler => handler.Value.EnumerateArray().Select(permission => (permission.GetString()!, type)))
                )
                .Distinct(),
        ];
    }

    /// <summary>The types that the examples and the rehearsals of the acceptance tests deploy.</summary>
    private static IEnumerable<string> Types() =>
        Written().Except(OfAccounts.Select(type => type.Type)).Concat(Further).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Every type in a template that a service of the examples has, or that an acceptance test writes.</summary>
    private static IEnumerable<string> Written() =>
        new[]
        {
            "examples/inventory/accounts/datomic-cloud-1/cft/1217/storage-template-9399-1217.json",
            "examples/inventory/accounts/datomic-cloud-1/cft/1217/compute-template-9399-1217.json",
            "examples/inventory/accounts/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json",
        }
            .SelectMany(TypesOf)
            .Concat(
                Directory
                    .EnumerateFiles(Path.Combine(Repository.Root, "examples"), "*.yaml", SearchOption.AllDirectories)
                    .Where(file => file.Contains("/stacks/", StringComparison.Ordinal))
                    .Concat(
                        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "acceptance"), "*.cs", SearchOption.AllDirectories)
                    )
                    .SelectMany(file => TypeInText().Matches(File.ReadAllText(file)).Select(match => match.Groups["type"].Value))
            );

    [GeneratedRegex(@"Type\\?""?: ?\\?""{0,2}(?<type>AWS::\w+::\w+)(?!:)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeInText();

    private static IEnumerable<string> TypesOf(string file) =>
        ((JsonObject)YamlReader.Read(Repository.Text(file))!)["Resources"]!
            .AsObject()
            .Select(resource => resource.Value!["Type"]!.GetValue<string>())
            .Distinct();

    private static string Facts()
    {
        var path = Repository.Shared("facts/cloudformation-types.json");
        Assert.SkipWhen(path is null, "shared/facts is not beside this checkout: CloudFormation's role was compared with nothing");
        return path!;
    }
}
