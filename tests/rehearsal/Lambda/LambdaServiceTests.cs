using System.Text;
using System.Text.Json;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Lambda;

/// <summary>The SDK's client against the simulated Lambda.</summary>
public sealed class LambdaServiceTests : IAsyncLifetime
{
    private const string Account = TestAws.Tools;
    private const string Role = $"arn:aws:iam::{Account}:role/execution";
    private const string Trust = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},
        "Action":"sts:AssumeRole"}]}
        """;

    private TestAws _aws = null!;
    private LambdaService _lambda = null!;
    private AmazonLambdaClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _aws = await TestAws.Start(world => _lambda = new LambdaService(world));
        _client = new AmazonLambdaClient(TestAws.Root(Account), _aws.Configure(new AmazonLambdaConfig()));
        await _aws.World.Do(() =>
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = Account,
                    Name = "execution",
                    TrustPolicy = Trust,
                }
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _lambda.DisposeAsync();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_function_is_made_shown_changed_and_removed()
    {
        var made = await Create("inventory-api", new() { ["TABLE_NAME"] = "inventory" });
        made.State.ShouldBe(State.Pending);
        made.LastUpdateStatus.ShouldBe(LastUpdateStatus.Successful);
        made.FunctionArn.ShouldBe($"arn:aws:lambda:us-east-1:{Account}:function:inventory-api");
        made.Version.ShouldBe("$LATEST");
        await Settle("inventory-api");

        var read = await _client.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = made.FunctionArn });
        read.Environment.Variables.ShouldBe(new Dictionary<string, string> { ["TABLE_NAME"] = "inventory" });
        read.CodeSha256.ShouldBe(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData("zip"u8)));

        var updated = await _client.UpdateFunctionConfigurationAsync(
            new UpdateFunctionConfigurationRequest
            {
                FunctionName = "inventory-api",
                RevisionId = read.RevisionId,
                Environment = new Amazon.Lambda.Model.Environment { Variables = new() { ["DATOMIC_ENDPOINT"] = "http://e:8182" } },
            }
        );
        updated.LastUpdateStatus.ShouldBe(LastUpdateStatus.InProgress);
        updated.Environment.Variables.Keys.ShouldBe(["DATOMIC_ENDPOINT"]);
        updated.RevisionId.ShouldNotBe(read.RevisionId);
        await Should.ThrowAsync<ResourceConflictException>(
            _client.UpdateFunctionConfigurationAsync(new UpdateFunctionConfigurationRequest { FunctionName = "inventory-api" })
        );
        await Settle("inventory-api");
        await Should.ThrowAsync<PreconditionFailedException>(
            _client.UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest { FunctionName = "inventory-api", RevisionId = read.RevisionId }
            )
        );

        await _client.DeleteFunctionAsync(new DeleteFunctionRequest { FunctionName = "inventory-api" });
        await Should.ThrowAsync<ResourceNotFoundException>(
            _client.GetFunctionAsync(new GetFunctionRequest { FunctionName = "inventory-api" })
        );
    }

    [Fact]
    public async Task A_second_function_of_one_name_is_refused()
    {
        await Create("twice");

        await Should.ThrowAsync<ResourceConflictException>(Create("twice"));
    }

    [Fact]
    public async Task A_role_that_does_not_trust_Lambda_is_refused()
    {
        await _aws.World.Do(() =>
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = Account,
                    Name = "other",
                    TrustPolicy = Trust.Replace("lambda", "ec2", StringComparison.Ordinal),
                }
            )
        );

        await Should.ThrowAsync<InvalidParameterValueException>(
            Create("function", role: Role.Replace("execution", "other", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Functions_are_listed_in_pages()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await Create($"function-{number}");
        }

        var first = await _client.ListFunctionsAsync(new ListFunctionsRequest { MaxItems = 3 });
        var second = await _client.ListFunctionsAsync(new ListFunctionsRequest { MaxItems = 3, Marker = first.NextMarker });

        first.Functions.Select(function => function.FunctionName).ShouldBe(["function-1", "function-2", "function-3"]);
        second.Functions.Select(function => function.FunctionName).ShouldBe(["function-4", "function-5"]);
        second.NextMarker.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name() =>
        (
            await Should.ThrowAsync<InvalidParameterValueException>(
                _client.CreateFunctionAsync(
                    new CreateFunctionRequest
                    {
                        FunctionName = "function",
                        Role = Role,
                        Code = new FunctionCode { ZipFile = new MemoryStream([1]) },
                        SnapStart = new SnapStart { ApplyOn = SnapStartApplyOn.PublishedVersions },
                    }
                )
            )
        ).Message.ShouldBe("The rehearsal does not simulate Lambda's SnapStart.");

    [Fact]
    public async Task A_synchronous_call_answers_with_payload_version_and_log()
    {
        await Ready("function");
        _lambda.Simulated.Add("function", call => call.Payload.ToUpperInvariant());

        var answer = await Invoke(InvocationType.RequestResponse, LogType.Tail);

        answer.StatusCode.ShouldBe(200);
        answer.FunctionError.ShouldBeNull();
        answer.ExecutedVersion.ShouldBe("$LATEST");
        Encoding.UTF8.GetString(answer.Payload.ToArray()).ShouldBe("""{"KEY":"GRÜN"}""");
        Encoding.UTF8.GetString(Convert.FromBase64String(answer.LogResult)).ShouldContain("START RequestId: ");
    }

    [Fact]
    public async Task A_dry_run_of_a_version_that_there_is_not_is_refused()
    {
        await Ready("function");
        var request = new InvokeRequest { FunctionName = "function", InvocationType = InvocationType.DryRun };
        (await _client.InvokeAsync(request)).StatusCode.ShouldBe(204);

        request.Qualifier = "live";

        (await Should.ThrowAsync<ResourceNotFoundException>(_client.InvokeAsync(request))).Message.ShouldEndWith(":function:live");
    }

    [Fact]
    public async Task An_error_of_the_function_is_an_answer()
    {
        await Ready("function");
        _lambda.Simulated.Add("function", _ => throw new SimulatedFunctionException("StackFailedException", "no"));

        var answer = await Invoke(InvocationType.RequestResponse);

        answer.FunctionError.ShouldBe("Unhandled");
        JsonDocument.Parse(answer.Payload).RootElement.GetProperty("errorType").GetString().ShouldBe("StackFailedException");
    }

    [Fact]
    public async Task An_asynchronous_call_is_accepted_and_runs_afterwards()
    {
        await Ready("function");
        var calls = 0;
        _lambda.Simulated.Add("function", _ => $"{++calls}");

        (await Invoke(InvocationType.Event)).StatusCode.ShouldBe(202);

        await _aws.World.RunUntil(() => calls == 1);
        _lambda.Invocations.ShouldBe(1);
    }

    [Fact]
    public async Task A_payload_that_is_no_JSON_is_refused()
    {
        await Ready("function");

        await Should.ThrowAsync<InvalidRequestContentException>(
            _client.InvokeAsync(new InvokeRequest { FunctionName = "function", PayloadStream = new MemoryStream("{"u8.ToArray()) })
        );
    }

    [Fact]
    public async Task A_payload_is_as_deep_as_it_is_up_to_what_the_rehearsal_takes()
    {
        await Ready("function");

        (await Invoke(300)).StatusCode.ShouldBe(200);
        (await Should.ThrowAsync<InvalidRequestContentException>(Invoke(401))).Message.ShouldBe(
            "Could not parse request body into json: nested deeper than 400, more than the rehearsal takes"
        );

        Task<InvokeResponse> Invoke(int depth)
        {
            var payload = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
            return _client.InvokeAsync(new InvokeRequest { FunctionName = "function", PayloadStream = new MemoryStream(payload) });
        }
    }

    [Fact]
    public async Task A_reservation_of_none_throttles_until_it_is_lifted()
    {
        await Ready("function");
        await _client.PutFunctionConcurrencyAsync(
            new PutFunctionConcurrencyRequest { FunctionName = "function", ReservedConcurrentExecutions = 0 }
        );

        await Should.ThrowAsync<TooManyRequestsException>(Invoke(InvocationType.RequestResponse));
        (await _client.GetAccountSettingsAsync(new GetAccountSettingsRequest())).AccountLimit.UnreservedConcurrentExecutions.ShouldBe(1000);
        await _client.DeleteFunctionConcurrencyAsync(new DeleteFunctionConcurrencyRequest { FunctionName = "function" });
        (await Invoke(InvocationType.RequestResponse)).StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task The_policy_of_a_function_lets_another_account_call_it()
    {
        await Ready("function");
        var caller = await _aws.Session(TestAws.Prod, "caller", """{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}""");
        using var client = new AmazonLambdaClient(caller, _aws.Configure(new AmazonLambdaConfig()));
        var request = new InvokeRequest { FunctionName = $"arn:aws:lambda:us-east-1:{Account}:function:function" };

        (await Should.ThrowAsync<AmazonLambdaException>(client.InvokeAsync(request))).ErrorCode.ShouldBe("AccessDeniedException");
        await _client.AddPermissionAsync(
            new AddPermissionRequest
            {
                FunctionName = "function",
                StatementId = "prod",
                Action = "lambda:InvokeFunction",
                Principal = TestAws.Prod,
            }
        );

        (await client.InvokeAsync(request)).StatusCode.ShouldBe(200);
        (await _client.GetPolicyAsync(new GetPolicyRequest { FunctionName = "function" })).Policy.ShouldContain(
            $"arn:aws:iam::{TestAws.Prod}:root"
        );
        await _client.RemovePermissionAsync(new RemovePermissionRequest { FunctionName = "function", StatementId = "prod" });
        await Should.ThrowAsync<ResourceNotFoundException>(_client.GetPolicyAsync(new GetPolicyRequest { FunctionName = "function" }));
    }

    [Fact]
    public async Task Tags_are_added_and_removed()
    {
        var arn = (await Create("function")).FunctionArn;
        await _client.TagResourceAsync(
            new TagResourceRequest
            {
                Resource = arn,
                Tags = new() { ["service"] = "inventory", ["stage"] = "dev" },
            }
        );
        await _client.UntagResourceAsync(new UntagResourceRequest { Resource = arn, TagKeys = ["stage"] });

        (await _client.ListTagsAsync(new ListTagsRequest { Resource = arn })).Tags.ShouldBe(
            new Dictionary<string, string> { ["service"] = "inventory" }
        );
    }

    [Fact]
    public async Task A_version_is_published_and_an_alias_points_to_it()
    {
        await Ready("function");
        (await _client.PublishVersionAsync(new PublishVersionRequest { FunctionName = "function" })).Version.ShouldBe("1");
        await _client.CreateAliasAsync(
            new CreateAliasRequest
            {
                FunctionName = "function",
                Name = "live",
                FunctionVersion = "1",
            }
        );

        var alias = (await _client.ListAliasesAsync(new ListAliasesRequest { FunctionName = "function" })).Aliases.ShouldHaveSingleItem();
        alias.AliasArn.ShouldEndWith(":function:function:live");
        (await _client.InvokeAsync(new InvokeRequest { FunctionName = "function", Qualifier = "live" })).ExecutedVersion.ShouldBe("1");
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html</summary>
    [Fact]
    public async Task An_alias_with_weights_serves_its_calls_from_two_versions_until_the_weights_are_taken_away()
    {
        await Ready("function");
        await _client.PublishVersionAsync(new PublishVersionRequest { FunctionName = "function" });
        await _client.UpdateFunctionConfigurationAsync(
            new UpdateFunctionConfigurationRequest { FunctionName = "function", Description = "second" }
        );
        var before = _aws.World.Now;
        await _aws.World.RunUntil(() => _aws.World.Now > before);
        (await _client.PublishVersionAsync(new PublishVersionRequest { FunctionName = "function" })).Version.ShouldBe("2");
        await _client.CreateAliasAsync(
            new CreateAliasRequest
            {
                FunctionName = "function",
                Name = "live",
                FunctionVersion = "2",
                RoutingConfig = new AliasRoutingConfiguration { AdditionalVersionWeights = new() { ["1"] = 0.5 } },
            }
        );

        (await Served()).ShouldBe(["1", "2"]);
        (
            await _client.UpdateAliasAsync(
                new UpdateAliasRequest
                {
                    FunctionName = "function",
                    Name = "live",
                    Description = "kept",
                }
            )
        ).RoutingConfig.AdditionalVersionWeights.ShouldBe(new Dictionary<string, double> { ["1"] = 0.5 });
        (
            await _client.UpdateAliasAsync(
                new UpdateAliasRequest
                {
                    FunctionName = "function",
                    Name = "live",
                    RoutingConfig = new AliasRoutingConfiguration { AdditionalVersionWeights = [] },
                }
            )
        ).RoutingConfig.ShouldBeNull();
        (await Served()).ShouldBe(["2"]);

        async Task<IEnumerable<string>> Served()
        {
            var versions = new SortedSet<string>(StringComparer.Ordinal);
            for (var call = 0; call < 20; call++)
            {
                versions.Add(
                    (await _client.InvokeAsync(new InvokeRequest { FunctionName = "function", Qualifier = "live" })).ExecutedVersion
                );
            }

            return versions;
        }
    }

    [Fact]
    public async Task What_a_function_writes_is_logged_where_its_role_may_write()
    {
        await Ready("function");
        var logs = new List<FunctionLog>();
        _lambda.Log = logs.Add;
        await Invoke(InvocationType.RequestResponse);
        logs.ShouldBeEmpty();

        await _aws.World.Do(() =>
            new Roles(_aws.World).Attach(Account, "execution", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
        );
        await Invoke(InvocationType.RequestResponse);

        logs.ShouldHaveSingleItem().LogGroup.ShouldBe("/aws/lambda/function");
    }

    [Fact]
    public async Task A_function_calls_another_one_and_waits_for_it()
    {
        await Ready("inner");
        await _aws.World.Do(() =>
            new Roles(_aws.World).PutInlinePolicy(
                Account,
                "execution",
                "call",
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}"""
            )
        );
        _lambda.Simulated.Add("inner", _ => "42");
        _lambda.Host = new InProcessHost(
            async (_, environment, api, aws, _, stop) =>
            {
                using var next = await api.GetAsync(new Uri("http://runtime/2018-06-01/runtime/invocation/next"), stop);
                var credentials = new Amazon.Runtime.SessionAWSCredentials(
                    environment["AWS_ACCESS_KEY_ID"],
                    environment["AWS_SECRET_ACCESS_KEY"],
                    environment["AWS_SESSION_TOKEN"]
                );
                using var client = new AmazonLambdaClient(credentials, _aws.Configure(new AmazonLambdaConfig()));
                var inner = await client.InvokeAsync(new InvokeRequest { FunctionName = "inner" }, stop);
                using var answer = new StreamContent(inner.Payload);
                await api.PostAsync(
                    new Uri(
                        "http://runtime/2018-06-01/runtime/invocation/"
                            + $"{next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single()}/response"
                    ),
                    answer,
                    stop
                );
            },
            new Rehearsal.Wire.Gateway(_aws.World)
        );
        await Ready("function", new() { ["ANNOTATIONS_HANDLER"] = "Outer" });

        var outer = await Invoke(InvocationType.RequestResponse);

        Encoding.UTF8.GetString(outer.Payload.ToArray()).ShouldBe("42");
        _lambda.Hosts.ShouldBe(["in-process", "simulated"]);
        _aws.World.Audit.Calls.ShouldContain(line => line.Role == "execution" && line.Operation == "Invoke" && line.Count == 1);
    }

    private Task<CreateFunctionResponse> Create(string name, Dictionary<string, string>? variables = null, string role = Role) =>
        _client.CreateFunctionAsync(
            new CreateFunctionRequest
            {
                FunctionName = name,
                Role = role,
                Runtime = "provided.al2023",
                Handler = "bootstrap",
                Code = new Amazon.Lambda.Model.FunctionCode { ZipFile = new MemoryStream("zip"u8.ToArray()) },
                Environment = variables is null ? null : new Amazon.Lambda.Model.Environment { Variables = variables },
            }
        );

    private async Task Ready(string name, Dictionary<string, string>? variables = null)
    {
        await Create(name, variables);
        await Settle(name);
    }

    private async Task Settle(string name)
    {
        FunctionConfiguration configuration;
        do
        {
            var until = _aws.World.Now + TimeSpan.FromSeconds(1);
            var timer = $"{name}{until.Ticks}";
            await _aws.World.Do(() =>
            {
                _aws.World.OnDue(timer, _ => { });
                _aws.World.Schedule(TimeSpan.FromSeconds(1), timer, string.Empty);
            });
            await _aws.World.RunUntil(() => _aws.World.Now >= until);
            configuration = (await _client.GetFunctionAsync(new GetFunctionRequest { FunctionName = name })).Configuration;
        } while (configuration.State != State.Active || configuration.LastUpdateStatus != LastUpdateStatus.Successful);
    }

    private Task<InvokeResponse> Invoke(InvocationType type, LogType? log = null) =>
        _client.InvokeAsync(
            new InvokeRequest
            {
                FunctionName = "function",
                InvocationType = type,
                LogType = log,
                PayloadStream = new MemoryStream(Encoding.UTF8.GetBytes("""{"key":"grün"}""")),
            }
        );
}
