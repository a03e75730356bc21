using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Deployer.Cdk.Tests;

// The CDK speaks with one process of Node over one pipe.
[Collection("CDK")]
public sealed class TransactorStackTests : IDisposable
{
    private const string Name = "orders-dev";
    private const string Template = "templates/transactor.yaml";
    private static readonly string Digest = new('a', 64);

    private static readonly Transactor Pair = new(
        Name,
        "dev",
        "orders",
        "vpc-0123456789abcdef0",
        ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        "arn:aws:ecr:us-east-1:111111111111:repository/transactor",
        $"111111111111.dkr.ecr.us-east-1.amazonaws.com/transactor@sha256:{Digest}"
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pair_has_two_services_of_one_task_each_in_subnets_of_their_own()
    {
        var resources = Resources(Synthesise(Pair));

        Service(resources, "ServiceA").ShouldBe(("orders-dev-a", "1", "subnet-0123456789abcdef0"));
        Service(resources, "ServiceB").ShouldBe(("orders-dev-b", """{"Fn::If":["IsPair",1,0]}""", "subnet-0123456789abcdef1"));
        Condition(Pair).ShouldBe("""{"Fn::Equals":["pair","pair"]}""");
        Condition(Pair with { Mode = "single" }).ShouldBe("""{"Fn::Equals":["single","pair"]}""");
    }

    [Fact]
    public void The_storage_can_be_taken_back_and_is_not_deleted()
    {
        var table = Resources(Synthesise(Pair))["Table"]!;

        table["DeletionPolicy"]!.ToString().ShouldBe("Retain");
        table["UpdateReplacePolicy"]!.ToString().ShouldBe("Retain");
        var properties = table["Properties"]!;
        properties["DeletionProtectionEnabled"]!.GetValue<bool>().ShouldBeTrue();
        properties["PointInTimeRecoverySpecification"]!["PointInTimeRecoveryEnabled"]!.GetValue<bool>().ShouldBeTrue();
        properties["KeySchema"]!.ToJsonString().ShouldBe("""[{"AttributeName":"id","KeyType":"HASH"}]""");
    }

    [Fact]
    public void Peers_reach_the_port_of_the_transactor_and_nobody_else_reaches_anything()
    {
        var resources = Resources(Synthesise(Pair));

        var ingress = resources["SecurityGroup"]!["Properties"]!["SecurityGroupIngress"]!.AsArray().ShouldHaveSingleItem()!;
        ingress["FromPort"]!.GetValue<int>().ShouldBe(4334);
        ingress["ToPort"]!.GetValue<int>().ShouldBe(4334);
        ingress["SourceSecurityGroupId"]!.ToJsonString().ShouldContain("PeerSecurityGroup");
        ingress["CidrIp"].ShouldBeNull();
        resources["PeerSecurityGroup"]!["Properties"]!["SecurityGroupIngress"].ShouldBeNull();
        resources.Select(resource => resource.Value!["Type"]!.ToString()).ShouldNotContain("AWS::EC2::SecurityGroupIngress");
    }

    [Fact]
    public void Each_action_of_a_role_is_one_on_its_own_resources()
    {
        var resources = Resources(Synthesise(Pair));

        Statements(resources, "TaskRole")
            .ShouldBe([
                "dynamodb:BatchGetItem,dynamodb:BatchWriteItem,dynamodb:DeleteItem,dynamodb:DescribeTable,dynamodb:GetItem,"
                    + """dynamodb:PutItem,dynamodb:Query,dynamodb:Scan,dynamodb:UpdateItem on {"Fn::GetAtt":"Table.Arn"}""",
                """cloudwatch:PutMetricData on "*" if {"StringEquals":{"cloudwatch:namespace":"Datomic"}}""",
            ]);
        Statements(resources, "ExecutionRole")
            .ShouldBe([
                """ecr:GetAuthorizationToken on "*" """.TrimEnd(),
                "ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer on "
                    + "\"arn:aws:ecr:us-east-1:111111111111:repository/transactor\"",
                "logs:CreateLogStream,logs:PutLogEvents on "
                    + """{"Fn::Sub":["arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*","""
                    + """{"Group":{"Fn::If":["HasLogGroupName",{"Ref":"LogGroupName"},{"Fn::Sub":"/datomic/orders-dev"}]}}]}""",
            ]);
        Statements(resources, "PeerPolicy")
            .ShouldBe(["""dynamodb:BatchGetItem,dynamodb:GetItem,dynamodb:Query,dynamodb:Scan on {"Fn::GetAtt":"Table.Arn"}"""]);
    }

    [Fact]
    public void Secrets_are_read_by_the_execution_role_where_they_are_named_and_no_others()
    {
        const string Secret = "arn:aws:secretsmanager:us-east-1:111111111111:secret:orders/memcached-AbCdEf";
        const string Parameter = "arn:aws:ssm:us-east-1:111111111111:parameter/orders/dev/token";
        var named = Pair with
        {
            Parameters = new Dictionary<string, JsonElement>
            {
                ["Secrets"] = JsonSerializer.SerializeToElement<string[]>([Secret, Parameter]),
            },
        };

        var (with, without) = (Synthesise(named), Synthesise(Pair));

        var policy = Resources(with)["SecretsPolicy"]!;
        policy["Type"]!.ToString().ShouldBe("AWS::IAM::Policy");
        policy["Condition"]!.ToString().ShouldBe("HasSecrets");
        policy["Properties"]!["Roles"]!.ToJsonString().ShouldBe("""[{"Ref":"ExecutionRole"}]""");
        Statements(Resources(with), "SecretsPolicy")
            .ShouldBe([$"""secretsmanager:GetSecretValue,ssm:GetParameters on ["{Secret}","{Parameter}"]"""]);
        Has(with).ShouldBe($$"""{"Fn::Not":[{"Fn::Equals":[{"Fn::Join":["",["{{Secret}}","{{Parameter}}"]]},""]}]}""");
        // Of a list that is empty nothing is made.
        Has(without).ShouldBe("""{"Fn::Not":[{"Fn::Equals":[{"Fn::Join":["",{"Ref":"Secrets"}]},""]}]}""");
        without["Parameters"]!["Secrets"]!["Default"]!.ToString().ShouldBeEmpty();

        static string Has(JsonObject template) => template["Conditions"]!["HasSecrets"]!.ToJsonString();
    }

    [Fact]
    public void Both_roles_are_those_of_tasks_of_the_account()
    {
        var resources = Resources(Synthesise(Pair));

        foreach (var role in new[] { "TaskRole", "ExecutionRole" })
        {
            var trust = resources[role]!["Properties"]!["AssumeRolePolicyDocument"]!["Statement"]!.AsArray().ShouldHaveSingleItem()!;
            trust["Principal"]!.ToJsonString().ShouldBe("""{"Service":"ecs-tasks.amazonaws.com"}""");
            trust["Condition"]!["StringEquals"]!["aws:SourceAccount"]!.ToJsonString().ShouldBe("""{"Ref":"AWS::AccountId"}""");
        }
    }

    [Fact]
    public void Alarms_look_at_heartbeats_standby_memory_and_throttles()
    {
        var alarms = Resources(Synthesise(Pair))
            .Where(resource => resource.Value!["Type"]!.ToString() == "AWS::CloudWatch::Alarm")
            .Select(resource => resource.Value!["Properties"]!)
            .Select(alarm => $"{alarm["Namespace"]} {alarm["MetricName"]} {alarm["ComparisonOperator"]} {alarm["TreatMissingData"]}");

        alarms.ShouldBe(
            [
                "Datomic HeartbeatMsec LessThanThreshold breaching",
                "Datomic HeartMonitorMsec LessThanThreshold breaching",
                "Datomic Alarm GreaterThanThreshold notBreaching",
                "AWS/ECS MemoryUtilization GreaterThanThreshold notBreaching",
                "AWS/ECS MemoryUtilization GreaterThanThreshold notBreaching",
                "AWS/DynamoDB ReadThrottleEvents GreaterThanThreshold notBreaching",
                "AWS/DynamoDB WriteThrottleEvents GreaterThanThreshold notBreaching",
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void The_container_is_checked_at_its_ping_port_and_told_everything_that_its_start_script_asks_for()
    {
        var container = Resources(Synthesise(Pair))["Definition"]!["Properties"]!["ContainerDefinitions"]![0]!;
        var script = File.ReadAllText(Path.Combine(Repository.Root, "examples/transactor/image/start-transactor"));
        var required = script
            .Split('\n')
            .Where(line => line.StartsWith("require ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..])
            // ECS gives this one itself.
            .Where(name => name != "ECS_CONTAINER_METADATA_URI_V4")
            .ToList();

        required.Count.ShouldBe(7);
        required.ShouldBeSubsetOf(container["Environment"]!.AsArray().Select(variable => variable!["Name"]!.ToString()));
        container["HealthCheck"]!["Command"]!.ToJsonString().ShouldBe("""["CMD","/opt/datomic/bin/check-health"]""");
        // The account's setting would decide otherwise whether a transactor stands still when CloudWatch does.
        var log = container["LogConfiguration"]!["Options"]!;
        (log["mode"]!.ToString(), log["max-buffer-size"]!.ToString()).ShouldBe(("non-blocking", "25m"));
    }

    [Fact]
    public void Aliases_which_CloudFormation_does_not_read_are_not_used()
    {
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, Template));

        lines.Where(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^\s*[\w-]+: [&*]\w+")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_template_has_no_warnings_for_cfn_lint()
    {
        Assert.SkipUnless(Programs.OnPath("cfn-lint"), "cfn-lint is not installed, so the template was compared with nothing");

        var (exit, output) = await Programs.Run("cfn-lint", ["--non-zero-exit-code", "warning", "--", Repository.At(Template)]);

        exit.ShouldBe(0, output);
    }

    private JsonObject Synthesise(Transactor transactor)
    {
        var output = Path.Combine(_folder, $"{transactor.Mode ?? "pair"}-{transactor.Parameters.Count}");
        var app = new App(new AppProps { Outdir = output });
        var configuration = Configuration.Read(Path.Combine(Repository.Root, "cdk", "deployer.json"));
        _ = new TransactorStack(app, configuration, transactor);
        app.Synth();
        return JsonNode.Parse(File.ReadAllText(Path.Combine(output, $"{Name}.template.json")))!.AsObject();
    }

    private string Condition(Transactor transactor) => Synthesise(transactor)["Conditions"]!["IsPair"]!.ToJsonString();

    private static JsonObject Resources(JsonObject template) => template["Resources"]!.AsObject();

    private static (string Name, string Count, string Subnet) Service(JsonObject resources, string id)
    {
        var service = resources[id]!["Properties"]!;
        var network = service["NetworkConfiguration"]!["AwsvpcConfiguration"]!;
        network["AssignPublicIp"]!.ToString().ShouldBe("DISABLED");
        return (
            service["ServiceName"]!.ToJsonString().Replace("""{"Fn::Sub":""", "", StringComparison.Ordinal).Trim('"', '}'),
            service["DesiredCount"]!.ToJsonString(),
            network["Subnets"]!.AsArray().ShouldHaveSingleItem()!.ToString()
        );
    }

    private static List<string> Statements(JsonObject resources, string id)
    {
        var properties = resources[id]!["Properties"]!;
        var documents = properties["PolicyDocument"] is { } own
            ? [own]
            : properties["Policies"]!.AsArray().Select(policy => policy!["PolicyDocument"]!).ToList();
        return
        [
            .. documents
                .SelectMany(document => document["Statement"]!.AsArray())
                .Select(statement =>
                {
                    var actions = statement!["Action"] is JsonArray several ? string.Join(',', several) : statement["Action"]!.ToString();
                    var condition = statement["Condition"] is { } given ? $" if {given.ToJsonString()}" : "";
                    return $"{actions} on {statement["Resource"]!.ToJsonString()}{condition}";
                }),
        ];
    }
}
