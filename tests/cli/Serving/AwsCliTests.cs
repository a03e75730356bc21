using System.Text.Json;

namespace Deployer.Cli.Tests.Serving;

/// <summary>The AWS CLI, which nobody here wrote, against the served example.</summary>
public sealed class AwsCliTests(AwsCli aws) : IClassFixture<AwsCli>
{
    private const string Machine = "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy";
    private const string Bucket = "deployer-dev-222222222222";

    [Fact]
    public async Task It_is_the_administrator_of_the_account()
    {
        var identity = await aws.Json("sts", "get-caller-identity");

        identity.GetProperty("Account").GetString().ShouldBe("222222222222");
        identity.GetProperty("Arn").GetString().ShouldBe("arn:aws:iam::222222222222:root");
    }

    [Fact]
    public async Task An_access_key_of_another_account_sees_that_account()
    {
        var finished = await aws.Run("111111111111", secret: null, "sts", "get-caller-identity", "--query", "Account");

        finished.Output.Trim().ShouldBe("\"111111111111\"");
    }

    [Fact]
    public async Task A_secret_that_was_not_printed_is_refused()
    {
        var finished = await aws.Run("222222222222", secret: "not the secret", "sts", "get-caller-identity");

        finished.ExitCode.ShouldNotBe(0);
        finished.Error.ShouldContain("InvalidSignatureException");
    }

    [Fact]
    public async Task It_reads_a_role_and_its_policies_and_simulates_what_it_may_do()
    {
        const string Role = "deployer-dev-Check";

        var role = (await aws.Json("iam", "get-role", "--role-name", Role)).GetProperty("Role");
        var inline = (await aws.Json("iam", "list-role-policies", "--role-name", Role)).GetProperty("PolicyNames")[0].GetString()!;
        var work = await aws.Json("iam", "get-role-policy", "--role-name", Role, "--policy-name", inline);
        var attached = (await aws.Json("iam", "list-attached-role-policies", "--role-name", Role))
            .GetProperty("AttachedPolicies")[0]
            .GetProperty("PolicyArn")
            .GetString()!;
        var policy = (await aws.Json("iam", "get-policy", "--policy-arn", attached)).GetProperty("Policy");
        var version = await aws.Json(
            "iam",
            "get-policy-version",
            "--policy-arn",
            attached,
            "--version-id",
            policy.GetProperty("DefaultVersionId").GetString()!
        );
        var simulated = await aws.Json(
            "iam",
            "simulate-principal-policy",
            "--policy-source-arn",
            role.GetProperty("Arn").GetString()!,
            "--action-names",
            "events:TestEventPattern",
            "events:PutRule"
        );

        role.GetProperty("Arn").GetString().ShouldBe($"arn:aws:iam::222222222222:role/{Role}");
        // The CLI decodes the documents.
        role.GetProperty("AssumeRolePolicyDocument")
            .GetProperty("Statement")[0]
            .GetProperty("Action")
            .GetString()
            .ShouldBe("sts:AssumeRole");
        work.GetProperty("PolicyDocument").GetRawText().ShouldContain("iam:SimulatePrincipalPolicy");
        policy.GetProperty("AttachmentCount").GetInt32().ShouldBePositive();
        version.GetProperty("PolicyVersion").GetProperty("Document").GetProperty("Statement").GetArrayLength().ShouldBePositive();
        simulated
            .GetProperty("EvaluationResults")
            .EnumerateArray()
            .Select(result => result.GetProperty("EvalDecision").GetString())
            .ShouldBe(["allowed", "implicitDeny"]);
    }

    [Fact]
    public async Task It_tests_the_pattern_of_a_rule_and_reads_quotas()
    {
        var rule = (await aws.Json("events", "list-rules", "--name-prefix", "deployer-dev-BuildEvents")).GetProperty("Rules")[0];
        var matches = await aws.Json(
            "events",
            "test-event-pattern",
            "--event-pattern",
            rule.GetProperty("EventPattern").GetString()!,
            "--event",
            """
            {"id":"1","account":"222222222222","source":"aws.codebuild","time":"2026-01-01T00:00:00Z","region":"us-east-1",
            "resources":[],"detail-type":"CodeBuild Build State Change",
            "detail":{"build-status":"SUCCEEDED","project-name":"deployer-dev-ions"}}
            """
        );
        var quota = await aws.Json("service-quotas", "get-service-quota", "--service-code", "ec2", "--quota-code", "L-1216C47A");

        matches.GetProperty("Result").GetBoolean().ShouldBeTrue();
        quota.GetProperty("Quota").GetProperty("Value").GetDouble().ShouldBe(256);
    }

    [Fact]
    public async Task It_starts_the_pipeline_and_sees_the_deployment_succeed()
    {
        var run = (await aws.Json("codepipeline", "start-pipeline-execution", "--name", "inventory-pipeline-dev"))
            .GetProperty("pipelineExecutionId")
            .GetString()!;

        var stages = await Until(
            () => aws.Json("codepipeline", "get-pipeline-state", "--name", "inventory-pipeline-dev"),
            state => state.GetProperty("stageStates").EnumerateArray().All(stage => Execution(stage) == (run, "Succeeded"))
        );

        stages
            .GetProperty("stageStates")[1]
            .GetProperty("actionStates")[0]
            .GetProperty("latestExecution")
            .GetProperty("status")
            .GetString()
            .ShouldBe("Succeeded");
        var executions = await aws.Json("stepfunctions", "list-executions", "--state-machine-arn", Machine, "--status-filter", "SUCCEEDED");
        var arn = executions.GetProperty("executions")[0].GetProperty("executionArn").GetString()!;
        var history = (await aws.Json("stepfunctions", "get-execution-history", "--execution-arn", arn))
            .GetProperty("events")
            .EnumerateArray()
            .ToList();
        history[0].GetProperty("type").GetString().ShouldBe("ExecutionStarted");
        history[^1].GetProperty("type").GetString().ShouldBe("ExecutionSucceeded");
        history
            .Select(happened => happened.GetProperty("id").GetInt64())
            .ShouldBe(Enumerable.Range(1, history.Count).Select(id => (long)id));
    }

    [Fact]
    public async Task It_starts_a_broken_execution_and_redrives_it()
    {
        var machines = await aws.Json("stepfunctions", "list-state-machines");
        machines
            .GetProperty("stateMachines")
            .EnumerateArray()
            .Select(machine => machine.GetProperty("stateMachineArn").GetString())
            .ShouldBe([Machine, Machine.Replace("-deploy", "-plan", StringComparison.Ordinal)], ignoreOrder: true);

        var arn = (await aws.Json("stepfunctions", "start-execution", "--state-machine-arn", Machine, "--name", "broken", "--input", "{}"))
            .GetProperty("executionArn")
            .GetString()!;
        var failed = await Until(Describe, execution => execution.GetProperty("status").GetString() == "FAILED");
        failed.GetProperty("redriveStatus").GetString().ShouldBe("REDRIVABLE");
        failed.GetProperty("error").GetString().ShouldNotBeNullOrEmpty();

        await aws.Json("stepfunctions", "redrive-execution", "--execution-arn", arn);
        var again = await Until(Describe, execution => execution.GetProperty("status").GetString() == "FAILED");
        again.GetProperty("redriveCount").GetInt32().ShouldBe(1);
        var history = await aws.Json("stepfunctions", "get-execution-history", "--execution-arn", arn, "--query", "events[].type");
        history.EnumerateArray().Count(type => type.GetString() == "ExecutionRedriven").ShouldBe(1);

        Task<JsonElement> Describe() => aws.Json("stepfunctions", "describe-execution", "--execution-arn", arn);
    }

    [Fact]
    public async Task It_lists_and_describes_stacks()
    {
        var listed = await aws.Json(
            "cloudformation",
            "list-stacks",
            "--stack-status-filter",
            "CREATE_COMPLETE",
            "--query",
            "StackSummaries[].StackName"
        );
        listed
            .EnumerateArray()
            .Select(name => name.GetString())
            .ShouldBe(["deployer-dev", "deployer-inventory-dev-build", "inventory-pipeline-dev"], ignoreOrder: true);

        var stack = (await aws.Json("cloudformation", "describe-stacks", "--stack-name", "deployer-dev")).GetProperty("Stacks")[0];
        stack.GetProperty("StackStatus").GetString().ShouldBe("CREATE_COMPLETE");
        stack
            .GetProperty("Parameters")
            .EnumerateArray()
            .ShouldContain(parameter =>
                parameter.GetProperty("ParameterKey").GetString() == "Stage" && parameter.GetProperty("ParameterValue").GetString() == "dev"
            );

        (await aws.Failure("cloudformation", "describe-stacks", "--stack-name", "nowhere")).ShouldContain(
            "Stack with id nowhere does not exist"
        );
    }

    [Fact]
    public async Task It_copies_objects_and_lists_them()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-cli-");
        try
        {
            var sent = Path.Combine(folder.FullName, "sent with ü.txt");
            var received = Path.Combine(folder.FullName, "received.txt");
            await File.WriteAllTextAsync(sent, "content", TestContext.Current.CancellationToken);

            await aws.Text("s3", "cp", sent, $"s3://{Bucket}/from the cli/ü.txt");
            await aws.Text("s3", "cp", $"s3://{Bucket}/from the cli/ü.txt", received);
            (await File.ReadAllTextAsync(received, TestContext.Current.CancellationToken)).ShouldBe("content");

            var got = await aws.Json("s3api", "get-object", "--bucket", Bucket, "--key", "from the cli/ü.txt", received);
            got.GetProperty("ContentLength").GetInt32().ShouldBe(7);
            got.GetProperty("ETag").GetString().ShouldBe("\"9a0364b9e99bb480dd25e1f0284c8555\"");
            (await aws.Text("s3", "ls")).ShouldContain(Bucket);
            (await aws.Text("s3", "ls", $"s3://{Bucket}/from the cli/")).ShouldContain("ü.txt");
            (await aws.Failure("s3api", "get-object", "--bucket", Bucket, "--key", "nowhere", received)).ShouldContain("NoSuchKey");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_copies_a_large_object_in_parts()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-cli-");
        try
        {
            var sent = Path.Combine(folder.FullName, "sent");
            var received = Path.Combine(folder.FullName, "received");
            var content = new byte[9 * 1024 * 1024 + 7];
            new Random(1).NextBytes(content);
            await File.WriteAllBytesAsync(sent, content, TestContext.Current.CancellationToken);

            await aws.Text("s3", "cp", sent, $"s3://{Bucket}/large");
            await aws.Text("s3", "cp", $"s3://{Bucket}/large", received);

            (await File.ReadAllBytesAsync(received, TestContext.Current.CancellationToken)).AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_lists_functions_and_reads_their_configuration()
    {
        var names = (await aws.Json("lambda", "list-functions", "--query", "Functions[].FunctionName"))
            .EnumerateArray()
            .Select(name => name.GetString())
            .ToList();
        names.ShouldContain("deployer-dev-Begin");

        var begin = await aws.Json("lambda", "get-function-configuration", "--function-name", "deployer-dev-Begin");
        begin.GetProperty("FunctionArn").GetString().ShouldBe("arn:aws:lambda:us-east-1:222222222222:function:deployer-dev-Begin");
        begin.GetProperty("State").GetString().ShouldBe("Active");
        begin.GetProperty("LastUpdateStatus").GetString().ShouldBe("Successful");

        (await aws.Failure("lambda", "get-function-configuration", "--function-name", "nowhere")).ShouldContain(
            "ResourceNotFoundException"
        );
    }

    [Fact]
    public async Task It_describes_tables()
    {
        var table = (await aws.Json("dynamodb", "describe-table", "--table-name", "deployer-dev")).GetProperty("Table");

        table.GetProperty("TableStatus").GetString().ShouldBe("ACTIVE");
        table
            .GetProperty("KeySchema")
            .EnumerateArray()
            .Select(key => $"{key.GetProperty("AttributeName")} {key.GetProperty("KeyType")}")
            .ShouldBe(["pk HASH", "sk RANGE"]);
        (await aws.Failure("dynamodb", "describe-table", "--table-name", "nowhere")).ShouldContain("ResourceNotFoundException");
    }

    [Fact]
    public async Task It_makes_a_cluster_and_registers_a_task_definition()
    {
        (await aws.Json("ecs", "create-cluster", "--cluster-name", "pro", "--tags", "key=team,value=inventory"))
            .GetProperty("cluster")
            .GetProperty("status")
            .GetString()
            .ShouldBe("ACTIVE");
        string[] register =
        [
            "ecs",
            "register-task-definition",
            "--family",
            "transactor",
            "--network-mode",
            "awsvpc",
            "--requires-compatibilities",
            "FARGATE",
            "--cpu",
            "512",
            "--memory",
            "1024",
            "--container-definitions",
            """[{"name":"transactor","image":"image:1","environment":[{"name":"A","value":"b"}]}]""",
        ];
        var definition = (await aws.Json(register)).GetProperty("taskDefinition");
        definition.GetProperty("revision").GetInt32().ShouldBe(1);
        definition.GetProperty("containerDefinitions")[0].GetProperty("essential").GetBoolean().ShouldBeTrue();
        (await aws.Json(register))
            .GetProperty("taskDefinition")
            .GetProperty("taskDefinitionArn")
            .GetString()
            .ShouldEndWith("task-definition/transactor:2");

        var clusters = await aws.Json("ecs", "describe-clusters", "--clusters", "pro", "other", "--include", "TAGS");
        clusters.GetProperty("clusters")[0].GetProperty("tags")[0].GetProperty("value").GetString().ShouldBe("inventory");
        clusters.GetProperty("failures")[0].GetProperty("reason").GetString().ShouldBe("MISSING");
        (await aws.Failure("ecs", "describe-services", "--cluster", "other", "--services", "transactor")).ShouldContain(
            "ClusterNotFoundException"
        );
    }

    /// <summary>
    /// One service of each family of protocols. (SQS is not among them: version 1 of the CLI has an address of its own for
    /// it and does not heed AWS_ENDPOINT_URL there.)
    /// </summary>
    [Theory]
    [InlineData("elasticache", "elasticache", "describe-cache-clusters")]
    [InlineData("kms", "kms", "list-keys")]
    [InlineData("batch", "batch", "describe-job-queues")]
    public async Task A_service_that_is_not_simulated_is_named(string service, params string[] command) =>
        (await aws.Failure(command)).ShouldContain($"The rehearsal does not simulate the service '{service}'");

    [Theory]
    [InlineData("DescribeAddresses", "ec2", "describe-addresses")]
    [InlineData("ListTagsForResource", "stepfunctions", "list-tags-for-resource", "--resource-arn", Machine)]
    [InlineData("ListLayers", "lambda", "list-layers")]
    [InlineData("ListTopics", "sns", "list-topics")]
    [InlineData("ListClusters", "ecs", "list-clusters")]
    [InlineData("DescribeAccountLimits", "cloudformation", "describe-account-limits")]
    [InlineData("GetBucketWebsite", "s3api", "get-bucket-website", "--bucket", Bucket)]
    public async Task An_operation_that_is_not_simulated_is_named(string operation, params string[] command)
    {
        var said = await aws.Failure(command);

        said.ShouldContain(operation);
        said.ShouldMatch("InvalidAction|UnknownOperation|NotImplemented");
    }

    private static (string?, string?) Execution(JsonElement stage) =>
        stage.TryGetProperty("latestExecution", out var latest)
            ? (latest.GetProperty("pipelineExecutionId").GetString(), latest.GetProperty("status").GetString())
            : default;

    private static async Task<JsonElement> Until(Func<Task<JsonElement>> look, Func<JsonElement, bool> expected)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        var seen = await look();
        while (!expected(seen))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            seen = await look();
        }

        return seen;
    }
}
