using System.Text.Json.Nodes;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>What an installation needs to be operated: logs, alarms, dead letters, and the end of what is no longer needed.</summary>
public sealed class InstalledTemplateTests
{
    private static readonly JsonObject Template = TemplateText.Read(File.ReadAllText(Product.TemplateFile));
    private static readonly JsonObject Resources = Template["Resources"]!.AsObject();

    [Fact]
    public void Every_function_logs_as_JSON_to_a_group_that_exists_and_is_not_kept_for_ever()
    {
        var logging = Template["Globals"]!["Function"]!["LoggingConfig"]!;

        logging["LogFormat"]!.ToString().ShouldBe("JSON");
        var group = Properties(logging["LogGroup"]!["Ref"]!.ToString());
        group["LogGroupName"]!["Fn::Sub"]!.ToString().ShouldBe("/aws/lambda/deployer-${Stage}");
        OfType("AWS::Serverless::Function").ShouldAllBe(function => !function.Properties.ContainsKey("LoggingConfig"));
        OfType("AWS::Logs::LogGroup")
            .Select(resource => resource.Properties["RetentionInDays"]!["Ref"]!.ToString())
            .Distinct()
            .ShouldBe(["LogRetention"]);
    }

    [Fact]
    public void Every_function_may_write_to_that_group_and_to_no_other_and_none_may_make_one()
    {
        var writing = Statements("FunctionPolicy").Single(statement => Texts(statement["Action"]).Contains("logs:PutLogEvents"));

        writing["Resource"]!["Fn::Sub"]!.ToString().ShouldEndWith(":log-group:/aws/lambda/deployer-${Stage}:*");
        OfType("AWS::Serverless::Function")
            .Select(function => function.Properties["Role"]!["Fn::GetAtt"]![0]!.ToString())
            // The one that publishes reads and writes no records, and has the statement by itself.
            .Where(role => role != "NotifyRole" || !Statements(role).Any(statement => JsonNode.DeepEquals(statement, writing)))
            .Select(Properties)
            .ShouldAllBe(role => role["ManagedPolicyArns"]!.AsArray().Any(policy => policy!["Ref"]!.ToString() == "FunctionPolicy"));
        Resources.ToJsonString().ShouldNotContain("logs:CreateLogGroup");
        Resources.ToJsonString().ShouldNotContain("AWSLambdaBasicExecutionRole");
    }

    [Fact]
    public void Both_machines_log_without_the_data_of_their_executions()
    {
        var machines = OfType("AWS::Serverless::StateMachine").ToList();

        machines.Count.ShouldBe(2);
        machines.ShouldAllBe(machine =>
            machine.Properties["Logging"]!["Level"]!.ToString() == "ALL"
            && !machine.Properties["Logging"]!["IncludeExecutionData"]!.GetValue<bool>()
        );
    }

    [Fact]
    public void What_waits_and_what_is_handed_in_for_one_deployment_ends()
    {
        var table = Properties("Table");
        var rules = Properties("Bucket")["LifecycleConfiguration"]!["Rules"]!.AsArray();

        table["TimeToLiveSpecification"]!["AttributeName"]!.ToString().ShouldBe(LedgerTable.ExpiryName);
        table["TimeToLiveSpecification"]!["Enabled"]!.GetValue<bool>().ShouldBeTrue();
        rules
            .Where(rule => rule!["ExpirationInDays"] is not null)
            .Select(rule => rule!["Prefix"]!.ToString())
            .ShouldBe(["incoming/", "plans/", "answers/"]);
        var plans = rules.Single(rule => rule!["Prefix"]!.ToString() == "plans/");
        TimeSpan.FromDays((int)plans!["ExpirationInDays"]!.GetValue<long>()).ShouldBeLessThanOrEqualTo(LedgerTable.Lifetime);
    }

    [Theory]
    [InlineData("Table")]
    [InlineData("Bucket")]
    public void What_holds_records_outlives_its_stack_but_not_a_stack_that_was_never_made(string id)
    {
        Resources[id]!["DeletionPolicy"]!.ToString().ShouldBe("RetainExceptOnCreate");
        Resources[id]!["UpdateReplacePolicy"]!.ToString().ShouldBe("Retain");
    }

    [Fact]
    public void An_event_that_does_not_reach_its_function_lies_in_the_queue_which_takes_those_of_the_rules_alone()
    {
        var rules = OfType("AWS::Events::Rule").ToList();

        rules.Count.ShouldBe(6);
        rules
            .SelectMany(rule => rule.Properties["Targets"]!.AsArray())
            .ShouldAllBe(target => target!["DeadLetterConfig"]!["Arn"]!["Fn::GetAtt"]![0]!.ToString() == "FailedEvents");
        var statement = Properties("FailedEventsPolicy")["PolicyDocument"]!["Statement"]!.AsArray().ShouldHaveSingleItem()!;
        statement["Principal"]!["Service"]!.ToString().ShouldBe("events.amazonaws.com");
        statement["Action"]!.ToString().ShouldBe("sqs:SendMessage");
        statement["Condition"]!["ArnEquals"]!["aws:SourceArn"]!
            .AsArray()
            .Select(source => source!["Fn::GetAtt"]![0]!.ToString())
            .ShouldBe(rules.Select(rule => rule.Id), ignoreOrder: true);
    }

    /// <summary>
    /// EventBridge has delivered once Lambda has queued the event: what fails afterwards never reaches the dead letters of a rule.
    /// </summary>
    [Fact]
    public void What_a_function_fails_at_that_an_event_invokes_lies_in_the_same_queue()
    {
        var invoked = OfType("AWS::Events::Rule")
            .SelectMany(rule => rule.Properties["Targets"]!.AsArray())
            .Select(target => target!["Arn"]!["Fn::GetAtt"]![0]!.ToString())
            .Distinct()
            .ToList();
        var configs = OfType("AWS::Lambda::EventInvokeConfig").Select(config => config.Properties).ToList();

        configs.Select(config => config["FunctionName"]!["Ref"]!.ToString()).ShouldBe(invoked, ignoreOrder: true);
        configs.ShouldAllBe(config =>
            config["Qualifier"]!.ToString() == "$LATEST"
            && config["DestinationConfig"]!["OnFailure"]!["Destination"]!["Fn::GetAtt"]![0]!.ToString() == "FailedEvents"
        );
        OfType("AWS::IAM::Role")
            .Where(role =>
                (role.Properties["ManagedPolicyArns"] as JsonArray)?.Any(policy => policy!["Ref"]?.ToString() == "FailedEventPolicy")
                == true
            )
            .Select(role => role.Id.Replace("Role", "Function", StringComparison.Ordinal))
            .ShouldBe(invoked, ignoreOrder: true);
        var statement = Statements("FailedEventPolicy").ShouldHaveSingleItem();
        (statement["Action"]!.ToString(), statement["Resource"]!["Fn::GetAtt"]![0]!.ToString()).ShouldBe(
            ("sqs:SendMessage", "FailedEvents")
        );
    }

    /// <summary>What the bus refuses is not retried (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).</summary>
    [Fact]
    public void An_event_that_the_bus_does_not_take_lies_in_a_queue_of_the_target_which_takes_those_of_its_rule_alone()
    {
        var target = TemplateText.Read(File.ReadAllText(Product.FurtherTemplate("target")))["Resources"]!;

        target["ForwardedEvents"]!["Properties"]!["Targets"]!
            .AsArray()
            .ShouldAllBe(one => one!["DeadLetterConfig"]!["Arn"]!["Fn::GetAtt"]![0]!.ToString() == "UndeliveredEvents");
        var statement = target["UndeliveredEventsPolicy"]!["Properties"]!["PolicyDocument"]!["Statement"]!
            .AsArray()
            .ShouldHaveSingleItem()!;
        statement["Principal"]!["Service"]!.ToString().ShouldBe("events.amazonaws.com");
        statement["Action"]!.ToString().ShouldBe("sqs:SendMessage");
        statement["Resource"]!["Fn::GetAtt"]![0]!.ToString().ShouldBe("UndeliveredEvents");
        statement["Condition"]!["ArnEquals"]!["aws:SourceArn"]!["Fn::GetAtt"]![0]!.ToString().ShouldBe("ForwardedEvents");
    }

    [Theory]
    [InlineData("FailedDeploymentsAlarm", "AWS/States", "ExecutionsFailed", "StateMachineArn", "DeployMachine")]
    [InlineData("TimedOutDeploymentsAlarm", "AWS/States", "ExecutionsTimedOut", "StateMachineArn", "DeployMachine")]
    [InlineData("SweepErrorsAlarm", "AWS/Lambda", "Errors", "FunctionName", "SweepFunction")]
    [InlineData("ResumeErrorsAlarm", "AWS/Lambda", "Errors", "FunctionName", "ResumeFunction")]
    [InlineData("SettleErrorsAlarm", "AWS/Lambda", "Errors", "FunctionName", "SettleFunction")]
    [InlineData("NotifyErrorsAlarm", "AWS/Lambda", "Errors", "FunctionName", "NotifyFunction")]
    [InlineData("NotificationsAlarm", "Deployer", "NotificationsNotSent", "Stage", "Stage")]
    [InlineData("FailedEventsAlarm", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "FailedEvents")]
    public void An_alarm_watches_what_nobody_else_sees(string id, string space, string metric, string dimension, string of)
    {
        var alarm = Properties(id);

        (alarm["Namespace"]!.ToString(), alarm["MetricName"]!.ToString()).ShouldBe((space, metric));
        var watched = alarm["Dimensions"]!.AsArray().ShouldHaveSingleItem()!;
        watched["Name"]!.ToString().ShouldBe(dimension);
        (watched["Value"]!["Ref"]?.ToString() ?? watched["Value"]!["Fn::GetAtt"]![0]!.ToString()).ShouldBe(of);
        (alarm["Threshold"]!.GetValue<long>(), alarm["ComparisonOperator"]!.ToString()).ShouldBe((0, "GreaterThanThreshold"));
        alarm["AlarmActions"]!["Fn::If"]![0]!.ToString().ShouldBe("HasAlarmTopic");
    }

    /// <summary>The dead letters of rules and of functions; nobody looks into a queue unasked.</summary>
    [Fact]
    public void An_alarm_watches_every_queue_of_dead_letters_of_every_template()
    {
        var watched = new Dictionary<string, IEnumerable<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Repository.At("templates"), "*.yaml").Append(Product.TemplateFile))
        {
            var resources = TemplateText.Read(File.ReadAllText(file))["Resources"]!.AsObject();
            var queues = DeadLetters(resources).Distinct().ToList();
            resources
                .Where(resource => resource.Value!["Type"]!.ToString() == "AWS::CloudWatch::Alarm")
                .Select(resource => resource.Value!["Properties"]!)
                .Where(alarm =>
                    alarm["MetricName"]?.ToString() == "ApproximateNumberOfMessagesVisible"
                    && alarm["Namespace"]!.ToString() == "AWS/SQS"
                    && alarm["Threshold"]!.GetValue<long>() == 0
                    && alarm["ComparisonOperator"]!.ToString() == "GreaterThanThreshold"
                    && alarm["AlarmActions"]!["Fn::If"]![0]!.ToString() == "HasAlarmTopic"
                )
                .SelectMany(alarm => alarm["Dimensions"]!.AsArray())
                .Where(dimension => dimension!["Name"]!.ToString() == "QueueName")
                .Select(dimension => dimension!["Value"]!["Fn::GetAtt"]![0]!.ToString())
                .ShouldBe(queues, ignoreOrder: true, file);
            watched[Path.GetFileName(file)] = queues;
        }

        watched.SelectMany(pair => pair.Value).ShouldBe(["FailedEvents", "UndeliveredEvents"], ignoreOrder: true);
    }

    /// <summary>The queues that anything in the document sends what it could not deliver to.</summary>
    private static IEnumerable<string> DeadLetters(JsonNode? node) =>
        node switch
        {
            JsonObject named => named.SelectMany(member =>
                member switch
                {
                    { Key: "DeadLetterConfig", Value: { } config } =>
                    [
                        (config["Arn"] ?? config["TargetArn"])!["Fn::GetAtt"]![0]!.ToString(),
                    ],
                    { Key: "OnFailure", Value: { } config } => [config["Destination"]!["Fn::GetAtt"]![0]!.ToString()],
                    _ => DeadLetters(member.Value),
                }
            ),
            JsonArray several => several.SelectMany(DeadLetters),
            _ => [],
        };

    [Fact]
    public void An_alarm_watches_the_throttles_of_every_function_that_events_invoke()
    {
        var invoked = OfType("AWS::Events::Rule")
            .SelectMany(rule => rule.Properties["Targets"]!.AsArray())
            .Select(target => target!["Arn"]!["Fn::GetAtt"]![0]!.ToString())
            .Distinct();

        Properties("ThrottlesAlarm")["Metrics"]!
            .AsArray()
            .Where(metric => metric!["MetricStat"] is not null)
            .Select(metric => metric!["MetricStat"]!["Metric"]!)
            .Select(metric => $"{metric["MetricName"]} {metric["Dimensions"]![0]!["Value"]!["Ref"]}")
            .ShouldBe(invoked.Select(function => $"Throttles {function}"), ignoreOrder: true);
    }

    [Fact]
    public void Builds_use_named_connections_for_reading_the_named_repositories()
    {
        var use = Statements("IonsProjectRole").Single(statement => Texts(statement["Action"]).Contains("codeconnections:UseConnection"));

        Statements("IonsProjectRole")
            .Where(statement => Texts(statement["Action"]).Any(action => action.StartsWith("codeconnections:", StringComparison.Ordinal)))
            .ShouldAllBe(statement => statement["Resource"]!["Ref"]!.ToString() == "Connections");
        use["Condition"]!["StringLike"]!["codeconnections:FullRepositoryId"]!["Ref"]!.ToString().ShouldBe("Repositories");
        use["Condition"]!["StringEquals"]!["codeconnections:ProviderPermissionsRequired"]!.ToString().ShouldBe("read_only");
    }

    /// <summary>
    /// The parameters' defaults are those of deployers that were installed before. Who installs one by SAM gets roles of builds that reach
    /// what is their service's alone, and what the shared role may clone is in no policy then.
    /// </summary>
    [Fact]
    public void An_installation_by_SAM_has_a_role_for_the_builds_of_each_service()
    {
        var stages = Repository
            .Text("samconfig.toml")
            .Split('\n')
            .Where(line => line.StartsWith("parameter_overrides", StringComparison.Ordinal))
            .ToList();

        stages.Count.ShouldBe(3);
        stages.ShouldAllBe(line => line.Contains("\"BuildRoles=service\"", StringComparison.Ordinal));
        Template["Conditions"]!["SharesConnections"]!.ToJsonString().ShouldContain("SharesBuildRole");
        Resources
            .SelectMany(resource => resource.Value!.ToJsonString().Split("""{"Ref":"Repositories"}""").Skip(1))
            .ShouldHaveSingleItem("the statement of the shared role alone");
        Properties("IonsProjectRole")["Policies"]!
            .ToJsonString()
            .ShouldContain("""{"Fn::If":["SharesConnections",{"Effect":"Allow","Action":"codeconnections:UseConnection""");
    }

    [Fact]
    public void The_build_may_read_Datomic_s_releases()
    {
        var reading = Statements("IonsProjectRole")
            .Where(statement => statement["Resource"]!.ToString().Contains("datomic-releases-1fc2183a"));

        reading.SelectMany(statement => Texts(statement["Action"])).ShouldBe(["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"]);
    }

    [Fact]
    public void Nothing_is_allowed_on_every_resource_but_what_knows_no_resource_types()
    {
        // https://docs.aws.amazon.com/service-authorization/latest/reference/, the tables of actions: no resource type.
        string[] withoutTypes =
        [
            "codepipeline:PutJobSuccessResult",
            "codepipeline:PutJobFailureResult",
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
            "events:TestEventPattern",
            "lambda:GetAccountSettings",
            "servicequotas:GetAWSDefaultServiceQuota",
            "servicequotas:GetServiceQuota",
        ];

        Resources
            .Select(resource => resource.Key)
            .SelectMany(Statements)
            .Where(statement => Texts(statement["Resource"]).Contains("*"))
            .SelectMany(statement => Texts(statement["Action"]))
            .ShouldBe(withoutTypes, ignoreOrder: true);
    }

    /// <summary>What several roles have stands in a policy that they share, but where that would give one of them too much.</summary>
    [Fact]
    public void No_statement_is_written_twice_but_these()
    {
        (string[] In, string Actions, string Reason)[] expected =
        [
            (["FunctionPolicy", "NotifyRole"], "logs:CreateLogStream, logs:PutLogEvents", "the one that publishes reads no records"),
            (["SourcePolicy", "BuildResultPolicy"], "s3:ListBucket", "some roles have one of them, some the other"),
            (["StepPolicy", "FinishPlanRole"], "s3:GetObject", "the one that finishes plans enters no target's account"),
            (["BuildStartPolicy", "CheckRole"], "iam:PassRole", "the doctor starts builds and lists none"),
        ];

        Resources
            .SelectMany(resource => Statements(resource.Key).Select(statement => (In: resource.Key, Statement: statement)))
            .GroupBy(written => written.Statement.ToJsonString())
            .Where(same => same.Count() > 1)
            .Select(same =>
                $"{string.Join(", ", same.Select(one => one.In))}: {string.Join(", ", Texts(same.First().Statement["Action"]))}"
            )
            .ShouldBe(expected.Select(one => $"{string.Join(", ", one.In)}: {one.Actions}"), ignoreOrder: true);
    }

    private static IEnumerable<(string Id, JsonObject Properties)> OfType(string type) =>
        Resources
            .Where(resource => resource.Value!["Type"]!.ToString() == type)
            .Select(resource => (resource.Key, Properties(resource.Key)));

    private static JsonObject Properties(string id) => Resources[id]!["Properties"]!.AsObject();

    /// <summary>The statements of a role or a managed policy, those under a condition too.</summary>
    private static IEnumerable<JsonObject> Statements(string id)
    {
        var properties = Properties(id);
        IEnumerable<JsonNode?> documents = Resources[id]!["Type"]!.ToString() switch
        {
            "AWS::IAM::ManagedPolicy" => [properties["PolicyDocument"]],
            "AWS::IAM::Role" => (properties["Policies"] as JsonArray ?? []).Select(policy => policy!["PolicyDocument"]),
            _ => [],
        };
        return documents
            .SelectMany(document => document!["Statement"]!.AsArray())
            .Select(statement => (statement!["Fn::If"]?[1] ?? statement).AsObject());
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonArray several => several.Select(one => one!.ToString()),
            JsonValue one => [one.ToString()],
            _ => [],
        };
}
