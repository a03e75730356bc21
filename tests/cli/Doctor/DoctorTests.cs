using Amazon.CloudFormation.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Cli.Tests.AwsAccounts;

namespace Deployer.Cli.Tests.Doctor;

/// <summary>Mistakes in an account, alone and in pairs: each is found by its name, with what to do, and none hides another.</summary>
public sealed class DoctorTests(DoctoredService service) : IClassFixture<DoctoredService>
{
    private const string Tools = DoctoredService.Tools;
    private const string Target = DoctoredService.Target;

    [Fact]
    public async Task Nothing_is_found_in_a_right_account()
    {
        await service.LetTimePass();
        var run = await service.Run(service.Service);

        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldNotContain("problem ");
        run.Output.ShouldNotContain("notice ");
        run.Output.Words().ShouldContain("nothing stands in the way of a deployment");
        run.Output.Words().ShouldContain("an event from the target's account has arrived");
        run.Output.Words().ShouldContain("account 222222222222 may run 1 builds of CodeBuild at once (Linux/Small)");
        run.Output.Words().ShouldMatch("account 111111111111 runs [1-9][0-9]* of 256 vCPUs of on-demand standard instances");
        run.Output.Words().ShouldContain("printed the description of the Clojure CLI 1.12.4.1582, fetched ion-dev");
    }

    /// <summary>What the parameters of the service's access name is what it grants, and what is asked for.</summary>
    [Fact]
    public async Task Nothing_is_found_where_the_service_s_access_has_a_boundary_and_names_the_code_bucket()
    {
        using var s3 = service.S3(Target);
        var bucket = (await s3.ListBucketsAsync())
            .Buckets.Select(found => found.BucketName)
            .Single(name => name.StartsWith("datomic-code-", StringComparison.Ordinal));
        await using (
            await service.Change(
                Target,
                "deployer-inventory-dev",
                [("PermissionsBoundary", $"arn:aws:iam::{Target}:policy/boundary"), ("CodeBucket", bucket)]
            )
        )
        {
            (await service.Problems()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_second_code_bucket_and_a_rule_that_is_disabled_are_both_found()
    {
        await using var bucket = await service.Create(
            Target,
            "copied-bucket",
            """{"Resources":{"Code":{"Type":"AWS::S3::Bucket","Properties":{"Tags":[{"Key":"datomic:code","Value":"old"}]} } } }"""
        );
        using var events = service.Events(Tools);
        var rule = (await events.ListRulesAsync(new ListRulesRequest { NamePrefix = "deployer-dev-BuildEvents" })).Rules.Single();
        await AdministratorStacks.Put(events, rule, RuleState.DISABLED);

        var problems = await service.Problems();
        await AdministratorStacks.Put(events, rule, RuleState.ENABLED);

        problems.Select(problem => problem.Check).ShouldBe(["code-bucket", "event-rules"], ignoreOrder: true);
        problems[0].Text.ShouldStartWith("2 buckets of account 111111111111, us-east-1 have the tag datomic:code: ");
        problems[0].Remedy.ShouldContain("take the tag from those that Datomic did not make");
        problems[1].Text.ShouldBe($"the rule {rule.Name} is DISABLED, so its events are not received");
        problems[1].Remedy.ShouldBe($"enable it: aws events enable-rule --name {rule.Name} --event-bus-name default");
    }

    [Fact]
    public async Task A_rule_without_its_target_and_a_permission_that_was_taken_away_are_both_found()
    {
        using var events = service.Events(Target);
        var targets = (await events.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = "deployer-dev" })).Targets;
        await events.RemoveTargetsAsync(new RemoveTargetsRequest { Rule = "deployer-dev", Ids = [.. targets.Select(target => target.Id)] });
        using var cloudFormation = service.CloudFormation(Target);
        var access = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-inventory-dev" })).TemplateBody;
        IReadOnlyList<Found> problems;
        await using (
            await service.Change(
                Target,
                "deployer-inventory-dev",
                [],
                access.Replace("- codedeploy:BatchGetDeployments\n", "- codedeploy:GetDeploymentConfig\n", StringComparison.Ordinal)
            )
        )
        {
            problems = await service.Problems();
        }

        await events.PutTargetsAsync(new PutTargetsRequest { Rule = "deployer-dev", Targets = targets });

        problems
            .Select(problem => problem.Check)
            .ShouldBe(["forwarding-rule", "permissions deployer-dev-target", "test-event"], ignoreOrder: true);
        Of(problems, "forwarding-rule").Text.ShouldBe("the rule deployer-dev has no target, so its events are not delivered");
        Of(problems, "forwarding-rule").Remedy.ShouldContain("deployer bootstrap target --stage dev --tools-account 222222222222");
        Of(problems, "permissions deployer-dev-target")
            .Text.ShouldBe(
                "deployer-dev-target may not codedeploy:BatchGetDeployments on "
                    + "arn:aws:codedeploy:us-east-1:111111111111:deploymentgroup:inventory/inventory-dev"
            );
        Of(problems, "permissions deployer-dev-target").Remedy.ShouldContain($"deployer bootstrap service {service.Service} --target dev");
        Of(problems, "test-event").Text.ShouldContain("has not arrived within 30 seconds");
    }

    [Fact]
    public async Task A_bus_that_takes_no_events_of_the_account_and_a_build_without_Clojure_are_both_found()
    {
        using var events = service.Events(Tools);
        var bus = await events.DescribeEventBusAsync(new DescribeEventBusRequest { Name = "deployer-dev" });
        await events.PutPermissionAsync(
            new PutPermissionRequest
            {
                EventBusName = "deployer-dev",
                Policy = bus.Policy.Replace(Target, "999999999999", StringComparison.Ordinal),
            }
        );
        IReadOnlyList<Found> problems;
        await using (await service.Change(Tools, "deployer-dev", [("ClojureSha256", new string('0', 64))]))
        {
            problems = await service.Problems();
        }

        await events.PutPermissionAsync(new PutPermissionRequest { EventBusName = "deployer-dev", Policy = bus.Policy });

        problems.Select(problem => problem.Check).ShouldBe(["event-bus", "build", "test-event"], ignoreOrder: true);
        Of(problems, "event-bus").Text.ShouldBe("the policy of the bus deployer-dev does not let account 111111111111 put events on it");
        Of(problems, "event-bus").Remedy.ShouldContain("deployer bootstrap tools --stage dev --parameter AllowedTargets=111111111111");
        Of(problems, "test-event").Remedy.ShouldContain("is in the queue deployer-dev-undelivered-events of account 111111111111");
        Of(problems, "build").Text.ShouldContain("FAILED in phase INSTALL");
        Of(problems, "build").Remedy.ShouldContain("ClojureSha256");
    }

    [Fact]
    public async Task A_bucket_that_lets_no_account_in_and_a_build_s_role_that_cannot_identify_it_are_both_found()
    {
        const string Bucket = $"deployer-dev-{Tools}";
        using var s3 = service.S3(Tools);
        var policy = (await s3.GetBucketPolicyAsync(Bucket, TestContext.Current.CancellationToken)).Policy;
        await s3.PutBucketPolicyAsync(
            Bucket,
            policy.Replace(Target, "999999999999", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        using var cloudFormation = service.CloudFormation(Tools);
        var build = (
            await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-inventory-dev-build" })
        ).TemplateBody;
        IReadOnlyList<Found> problems;
        await using (
            await service.Change(
                Tools,
                "deployer-inventory-dev-build",
                [],
                build.Replace("[s3:GetBucketAcl, s3:GetBucketLocation]", "s3:GetBucketAcl", StringComparison.Ordinal)
            )
        )
        {
            problems = await service.Problems();
        }

        await s3.PutBucketPolicyAsync(Bucket, policy, TestContext.Current.CancellationToken);

        problems
            .Select(problem => problem.Check)
            .ShouldBe(["artifacts", "permissions deployer-dev-build-inventory", "build"], ignoreOrder: true);
        Of(problems, "artifacts")
            .Text.ShouldStartWith($"deployer-dev-target of account {Target} cannot read s3://{Bucket}/artifacts/inventory/check: ");
        Of(problems, "artifacts").Remedy.ShouldContain("deployer bootstrap tools --stage dev --parameter AllowedTargets=111111111111");
        Of(problems, "permissions deployer-dev-build-inventory")
            .Text.ShouldBe($"deployer-dev-build-inventory may not s3:GetBucketLocation on arn:aws:s3:::{Bucket}");
        Of(problems, "permissions deployer-dev-build-inventory")
            .Remedy.ShouldContain($"deployer bootstrap build {service.Service} --target dev");
    }

    [Fact]
    public async Task A_system_of_another_name_whose_log_and_metrics_are_missing_is_a_notice()
    {
        using var cloudFormation = service.CloudFormation(Target);
        var template = System
            .Text.Json.Nodes.JsonNode.Parse(
                (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "inventory-dev" })).TemplateBody
            )!
            .AsObject();
        template["Outputs"]!["SystemName"]!["Value"] = "elsewhere";
        var baking = service.Changed("deployer.yaml", ("    allowConflicts:", "    bake: 5m\n    allowConflicts:"));
        IReadOnlyList<Found> found;
        // The deployer may read the log of the system that the service's access names.
        await using (await service.Change(Target, "deployer-inventory-dev", [("System", "elsewhere")]))
        await using (await service.Change(Target, "inventory-dev", [], template.ToJsonString()))
        {
            found = await service.Findings(baking);
        }

        var texts = found.Where(result => result.Check == "ions ions").Select(result => result.Text).ToList();
        texts.ShouldContain("there is no log datomic-elsewhere, as Datomic's templates make it");
        texts.ShouldContain(
            "CloudWatch has no JvmFreeMb, HttpDirectThrottled, HttpEndpointThrottled in DatomicCloud for elsewhere and inventory-dev"
        );
        (await service.Findings(baking)).ShouldNotContain(result => result.Text.StartsWith("CloudWatch has no ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pending_connection_and_an_export_that_no_stack_has_are_both_found()
    {
        await using var made = await service.Create(
            Tools,
            "connection",
            """
            Resources:
              Connection:
                Type: AWS::CodeConnections::Connection
                Properties: { ConnectionName: acme, ProviderType: GitHub }
            Outputs:
              Arn: { Value: !Ref Connection }
            """
        );
        using var cloudFormation = service.CloudFormation(Tools);
        var arn = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = "connection" }))
            .Stacks[0]
            .Outputs[0]
            .OutputValue;
        var changed = service.Changed(
            "deployer.yaml",
            ("arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301", arn),
            ("system: datomic-dev,", "system: datomic-old,")
        );
        IReadOnlyList<Found> problems;
        await using (await service.Change(Tools, "deployer-dev", [("Connections", arn)]))
        {
            problems = await service.Problems(changed);
        }

        Of(problems, "connection").Text.ShouldBe($"the connection acme is PENDING: {arn}");
        Of(problems, "connection").Remedy.ShouldContain("complete it in the console");
        problems
            .Where(problem => problem.Check == "stack group")
            .Select(problem => problem.Text)
            .ShouldContain("the template of inventory-dev imports datomic-old-VpcId, and no stack of 111111111111, us-east-1 exports it");
    }

    [Fact]
    public async Task An_external_id_that_nobody_gives_is_found_and_what_it_hides_is_said_to_be_unchecked()
    {
        await using var asks = await service.Change(Target, "deployer-target-dev", [("ExternalId", "of-somebody-else")]);

        await service.LetTimePass();
        var run = await service.Run(service.Service);

        run.ExitCode.ShouldBe(1);
        run.Output.Words().ShouldContain("the deployer cannot assume arn:aws:iam::111111111111:role/deployer-dev-target");
        run.Output.Words().ShouldContain("the external id if one is asked for: deployer bootstrap target --stage dev");
        run.Output.Words().ShouldContain("not checked, since the target's account cannot be entered");
        run.Output.Words().ShouldContain("FAILED in phase BUILD");
        run.Output.Words().ShouldContain("the connection rehearsed is AVAILABLE");
    }

    [Fact]
    public async Task A_service_without_access_and_a_rule_that_forwards_nothing_are_both_found()
    {
        using var cloudFormation = service.CloudFormation(Target);
        var access = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = "deployer-inventory-dev" })).Stacks[
            0
        ];
        var template = await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-inventory-dev" });
        using var events = service.Events(Target);
        var rule = await events.DescribeRuleAsync(new DescribeRuleRequest { Name = "deployer-dev" });
        await events.PutRuleAsync(
            new PutRuleRequest
            {
                Name = rule.Name,
                EventPattern = """{"source":["aws.cloudformation"]}""",
                State = RuleState.ENABLED,
            }
        );
        await service.Delete(Target, "deployer-inventory-dev");

        var problems = await service.Problems();
        await events.PutRuleAsync(
            new PutRuleRequest
            {
                Name = rule.Name,
                EventPattern = rule.EventPattern,
                State = RuleState.ENABLED,
            }
        );
        await cloudFormation.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = "deployer-inventory-dev",
                TemplateBody = template.TemplateBody,
                Parameters = access.Parameters,
                Capabilities = ["CAPABILITY_IAM"],
            }
        );

        Of(problems, "service-access").Text.ShouldBe("there is no stack deployer-inventory-dev");
        Of(problems, "service-access")
            .Remedy.ShouldContain($"deployer bootstrap service {service.Service} --target dev --tools-account 222222222222");
        Of(problems, "permissions deployer-dev-ions").Text.ShouldContain("deployer-dev-ions may not ");
        Of(problems, "forwarding-rule")
            .Text.ShouldBe(
                "the pattern of the rule deployer-dev of account 111111111111 does not take a Step Functions Execution Status Change"
            );
    }

    [Fact]
    public async Task A_target_of_another_region_s_deployer_and_a_role_full_of_policies_are_both_found()
    {
        await using var policies = await service.Create(
            Target,
            "policies",
            "Resources:\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 9)
                        .Select(number =>
                            $$"""
                                  Policy{{number}}:
                                    Type: AWS::IAM::ManagedPolicy
                                    Properties:
                                      Roles: [deployer-dev-target]
                                      PolicyDocument:
                                        Version: "2012-10-17"
                                        Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::other-{{number}}/*" }]

                                """
                        )
                )
        );
        IReadOnlyList<Found> found;
        await using (await service.Change(Target, "deployer-target-dev", [("ToolsRegion", "eu-west-1")]))
        {
            found = await service.Findings();
        }

        Of(found, "target-stack").Text.ShouldBe("stack deployer-target-dev: ToolsRegion is 'eu-west-1' instead of 'us-east-1'");
        Of(found, "target-stack").Remedy.ShouldContain("deployer bootstrap target --stage dev --tools-account 222222222222");
        found
            .Where(result => result.Check == "quotas")
            .Select(result => result.Text)
            .ShouldContain(
                "deployer-dev-target has 10 managed policies, by which each service and region has its access, and a role takes 10, 20 "
                    + "after a request"
            );
    }

    [Fact]
    public async Task A_connection_that_there_is_not_is_found()
    {
        const string Gone = "arn:aws:codeconnections:us-east-1:222222222222:connection/00000000-0000-4000-8000-000000000000";
        var changed = service.Changed(
            "deployer.yaml",
            ("arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301", Gone)
        );
        IReadOnlyList<Found> problems;
        await using (await service.Change(Tools, "deployer-dev", [("Connections", Gone)]))
        {
            problems = await service.Problems(changed);
        }

        Of(problems, "connection").Text.ShouldBe($"there is no connection {Gone}");
        Of(problems, "connection").Remedy.ShouldContain("correct the connection of deployer.yaml's repository");
    }

    [Fact]
    public async Task An_account_whose_vCPUs_are_used_up_is_a_notice()
    {
        await using var group = await service.Create(
            Target,
            "large",
            """
            Resources:
              Template:
                Type: AWS::EC2::LaunchTemplate
                Properties: { LaunchTemplateData: { ImageId: ami-1, InstanceType: m5.24xlarge } }
              Group:
                Type: AWS::AutoScaling::AutoScalingGroup
                Properties:
                  MinSize: "2"
                  MaxSize: "2"
                  VPCZoneIdentifier: [!ImportValue datomic-dev-Subnet0]
                  LaunchTemplate: { LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber }
            """
        );

        var found = await service.Findings();

        var quota = Of(found, "quotas");
        quota.Status.ShouldBe("notice");
        quota.Text.ShouldMatch(
            "^account 111111111111 runs [0-9]+ of 256 vCPUs of on-demand standard instances, which leaves no room for one"
        );
        quota.Remedy.ShouldStartWith("ask for a higher quota: Service Quotas, Amazon EC2, 'Running On-Demand Standard ");
    }

    /// <summary>As after an update of the deployer alone: the role in the target's account may not ask yet.</summary>
    [Fact]
    public async Task Quotas_that_the_account_s_role_may_not_ask_for_yet_are_said_to_be_unchecked()
    {
        using var cloudFormation = service.CloudFormation(Target);
        var template = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-target-dev" })).TemplateBody;
        IReadOnlyList<Found> found;
        await using (
            await service.Change(
                Target,
                "deployer-target-dev",
                [],
                template.Replace("                  - servicequotas:GetServiceQuota\n", string.Empty, StringComparison.Ordinal)
            )
        )
        {
            found = await service.Findings();
        }

        var quota = Of(found, "quotas");
        quota.Status.ShouldBe("notice");
        quota.Text.ShouldStartWith("the vCPUs of account 111111111111 were not checked: ");
        quota.Remedy.ShouldBe("update the account's stack: deployer bootstrap target --stage dev --tools-account 222222222222");
    }

    [Fact]
    public async Task What_the_running_group_has_not_and_a_rehearsal_s_has_is_a_notice()
    {
        using var cloudFormation = service.CloudFormation(Target);
        var template = System
            .Text.Json.Nodes.JsonNode.Parse(
                (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "inventory-dev" })).TemplateBody
            )!
            .AsObject();
        template["Outputs"]!.AsObject().Remove("DeployStateMachine").ShouldBeTrue();
        // With its value in the place of the parameter, the group itself is as it was.
        template["Parameters"]!.AsObject().Remove("ApplicationName").ShouldBeTrue();
        var text = template.ToJsonString().Replace("""{"Ref":"ApplicationName"}""", "\"inventory\"", StringComparison.Ordinal);
        IReadOnlyList<Found> found;
        await using (await service.Change(Target, "inventory-dev", [], text, removed: "ApplicationName"))
        {
            found = await service.Findings();
        }

        var texts = found.Where(result => result.Check == "ions ions").Select(result => result.Text).ToList();
        texts.ShouldContain("stack inventory-dev has no output DeployStateMachine, which the group of a rehearsal has");
        texts.ShouldContain("stack inventory-dev has no parameter ApplicationName, which the group of a rehearsal has");
        (await service.Findings()).ShouldNotContain(result => result.Check == "ions ions");
    }

    [Fact]
    public async Task What_the_file_gives_needs_and_uses_and_the_group_s_template_has_not_is_found()
    {
        var changed = service.Changed(
            "deployer.yaml",
            ("Ions: \"Yes\" }", "Ions: \"Yes\", Sizee: t3.small }"),
            ("LoadBalancer: \"${steps.group.outputs.LoadBalancer}\"", "LoadBalancer: \"${steps.group.outputs.NoSuchOutput}\"")
        );
        // A template at hand is read by the program itself, which refuses the file before anything is asked.
        Directory.Delete(Path.Combine(changed, "accounts", "datomic-cloud-1"), recursive: true);

        var problems = await service.Problems(changed);

        problems
            .Where(problem => problem.Check == "stack group")
            .Select(problem => problem.Text)
            .ShouldBe([
                "its template has no parameter Sizee, which the file gives",
                "other steps use its output NoSuchOutput, which its template does not have",
            ]);
    }

    [Fact]
    public async Task A_new_stack_whose_template_needs_what_nobody_gives_is_found()
    {
        var changed = service.Changed(
            "deployer.yaml",
            (
                "  ions:\n    ions: ions",
                "  further:\n"
                    + "    stack: inventory-${target}-further\n"
                    + "    kind: datomic-query-group\n"
                    + "    template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json\n"
                    + "    parameters: { SystemName: \"${system}\" }\n"
                    + "  ions:\n    ions: ions"
            )
        );
        Directory.Delete(Path.Combine(changed, "accounts", "datomic-cloud-1"), recursive: true);

        var problems = await service.Problems(changed);

        Of(problems, "stack further")
            .Text.ShouldBe("its template needs the parameter KeyName, which neither the file gives nor a running stack has");
    }

    [Fact]
    public async Task An_account_without_a_code_bucket_is_found()
    {
        using var s3 = service.S3(Target);
        var bucket = (await s3.ListBucketsAsync()).Buckets.Single(one =>
            one.BucketName.StartsWith("datomic-code-", StringComparison.Ordinal)
        );
        var tagged = (
            await s3.GetBucketTaggingAsync(new Amazon.S3.Model.GetBucketTaggingRequest { BucketName = bucket.BucketName })
        ).TagSet;
        await s3.PutBucketTaggingAsync(bucket.BucketName, [new Amazon.S3.Model.Tag { Key = "purpose", Value = "code" }]);

        var problems = await service.Problems();
        await s3.PutBucketTaggingAsync(bucket.BucketName, tagged);

        Of(problems, "code-bucket").Text.ShouldBe("no bucket of account 111111111111, us-east-1 has the tag datomic:code");
        Of(problems, "code-bucket").Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_stack_that_may_not_be_read_is_a_line_of_its_own_and_hides_no_other()
    {
        var changed = service.Changed(
            "deployer.yaml",
            ("  ions:\n    ions: ions", "  odd: { stack: shop-dev-web, template: stacks/network.yaml }\n  ions:\n    ions: ions")
        );

        var found = await service.Findings(changed);

        Of(found, "stack odd").Text.ShouldStartWith("could not be checked: CloudFormation DescribeStacks of shop-dev-web was refused");
        found.ShouldNotContain(result => result.Check == "stack");
        found.ShouldNotContain(result => result.Text.Contains("is not there yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_that_the_deployer_may_not_deploy_to_and_a_forgotten_role_of_the_service_s_builds_are_both_found()
    {
        const string Build = "deployer-inventory-dev-build";
        using var cloudFormation = service.CloudFormation(Tools);
        var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = Build })).Stacks[0];
        var template = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = Build })).TemplateBody;
        await service.Delete(Tools, Build);
        IReadOnlyList<Found> problems;
        await using (await service.Change(Tools, "deployer-dev", [("AllowedTargets", "999999999999")]))
        {
            problems = await service.Problems();
        }

        await service.Create(Tools, Build, template, stack.Parameters);

        Of(problems, "target-role").Text.ShouldBe("the deployer of stage dev may not deploy to account 111111111111");
        Of(problems, "target-role").Remedy.ShouldBe("add it: deployer bootstrap tools --stage dev --parameter AllowedTargets=111111111111");
        Of(problems, "permissions deployer-dev-build-inventory")
            .Text.ShouldBe("account 222222222222 has no role deployer-dev-build-inventory");
        Of(problems, "permissions deployer-dev-build-inventory")
            .Remedy.ShouldContain($"deployer bootstrap build {service.Service} --target dev");
    }

    [Fact]
    public async Task A_rule_that_sends_to_another_bus_and_a_rule_that_is_gone_are_both_found()
    {
        const string Forwarding = "deployer-dev";
        using var target = service.Events(Target);
        var right = (await target.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = Forwarding })).Targets;
        var wrong = right.Select(one => new Target
        {
            Id = one.Id,
            Arn = one.Arn + "2",
            RoleArn = one.RoleArn,
        });
        await target.PutTargetsAsync(new PutTargetsRequest { Rule = Forwarding, Targets = [.. wrong] });
        using var tools = service.Events(Tools);
        var rule = (await tools.ListRulesAsync(new ListRulesRequest { NamePrefix = "deployer-dev-BuildEvents" })).Rules.Single();
        var targets = (await tools.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = rule.Name })).Targets;
        await tools.RemoveTargetsAsync(new RemoveTargetsRequest { Rule = rule.Name, Ids = [.. targets.Select(one => one.Id)] });
        await tools.DeleteRuleAsync(new DeleteRuleRequest { Name = rule.Name });

        var problems = await service.Problems();
        await target.PutTargetsAsync(new PutTargetsRequest { Rule = Forwarding, Targets = right });
        await AdministratorStacks.Put(tools, rule, RuleState.ENABLED);
        await tools.PutTargetsAsync(new PutTargetsRequest { Rule = rule.Name, Targets = targets });

        problems.Select(problem => problem.Check).ShouldBe(["forwarding-rule", "event-rules", "test-event"], ignoreOrder: true);
        Of(problems, "forwarding-rule")
            .Text.ShouldBe(
                "the rule deployer-dev of account 111111111111 does not send events to "
                    + "arn:aws:events:us-east-1:222222222222:event-bus/deployer-dev"
            );
        Of(problems, "forwarding-rule").Remedy.ShouldContain("deployer bootstrap target --stage dev --tools-account 222222222222");
        Of(problems, "event-rules").Text.ShouldBe($"there is no rule {rule.Name} on the bus default");
        Of(problems, "event-rules").Remedy.ShouldBe("update the deployer's stack: deployer bootstrap tools --stage dev");
    }

    [Fact]
    public async Task Two_stacks_of_the_deployer_s_whose_last_updates_failed_are_both_found()
    {
        await service.FailUpdate(Tools, "deployer-dev");
        await service.FailUpdate(Target, "deployer-target-dev");

        var problems = await service.Problems();
        // An update that succeeds, there and back.
        await (await service.Change(Tools, "deployer-dev", [("LogRetention", "30")])).DisposeAsync();
        await (
            await service.Change(Target, "deployer-target-dev", [("AlarmTopic", "arn:aws:sns:us-east-1:111111111111:alarms")])
        ).DisposeAsync();

        problems.Select(problem => problem.Check).ShouldBe(["deployer-stack", "target-stack"], ignoreOrder: true);
        Of(problems, "deployer-stack").Text.ShouldStartWith("stack deployer-dev is UPDATE_ROLLBACK_COMPLETE");
        Of(problems, "deployer-stack").Remedy.ShouldBe("make or update it: deployer bootstrap tools --stage dev");
        Of(problems, "target-stack").Text.ShouldStartWith("stack deployer-target-dev is UPDATE_ROLLBACK_COMPLETE");
        Of(problems, "target-stack")
            .Remedy.ShouldBe("make or update it: deployer bootstrap target --stage dev --tools-account 222222222222");
        (await service.Problems()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_without_a_repository_and_a_role_that_may_not_simulate_are_both_found()
    {
        var changed = service.Changed(
            "deployer.yaml",
            (
                "repository:\n  url: https://github.com/acme/inventory\n  connection: "
                    + "\"arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301\"\n",
                string.Empty
            )
        );
        using var cloudFormation = service.CloudFormation(Target);
        var template = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-target-dev" })).TemplateBody;
        IReadOnlyList<Found> found;
        await using (
            await service.Change(
                Target,
                "deployer-target-dev",
                [],
                template.Replace(
                    "[iam:ListAttachedRolePolicies, iam:SimulatePrincipalPolicy]",
                    "iam:ListAttachedRolePolicies",
                    StringComparison.Ordinal
                )
            )
        )
        {
            found = await service.Findings(changed);
        }

        var connection = Of(found, "connection");
        connection.Status.ShouldBe("notice");
        connection.Text.ShouldStartWith("the service names no repository: ");
        found
            .Where(result => result.Text.StartsWith("could not be checked: ", StringComparison.Ordinal))
            .Select(result => result.Check)
            .ShouldBe(
                [
                    "permissions deployer-dev-target",
                    "permissions deployer-dev-cloudformation",
                    "permissions deployer-dev-ions",
                    "permissions deployer-dev-events",
                ],
                ignoreOrder: true
            );
        Of(found, "permissions deployer-dev-target").Text.ShouldContain("SimulatePrincipalPolicy");
        Of(found, "permissions deployer-dev-target").Remedy.ShouldContain("deployer bootstrap");
    }

    private static Found Of(IReadOnlyList<Found> problems, string check) => problems.First(problem => problem.Check == check);
}
