using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;
using Comparison = Deployer.Functions.Steps.Comparison;

namespace Deployer.Functions.Tests.Endpoints;

/// <summary>What aliases and published versions of functions have, when <c>$LATEST</c> has what it should.</summary>
public sealed class EndpointAliasesTests : IAsyncLifetime
{
    private const string Address = "http://vpce-1-abc.example";
    private const string Before = "http://vpce-0-old.example";
    private const string Latest = "$LATEST";

    // https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html: "Lambda returns up to 50 functions per call."
    private const int PageSize = 50;

    private const string Serverless = "Transform: AWS::Serverless-2016-10-31\n";

    private readonly IAmazonLambda _lambda = Substitute.For<IAmazonLambda>();
    private readonly IAmazonEC2 _ec2 = Substitute.For<IAmazonEC2>();
    private readonly List<UpdateAliasRequest> _moved = [];
    private readonly List<string> _asked = [];
    private readonly List<string?> _pages = [];
    private readonly List<string> _functions = ["consumer-dev-a"];
    private readonly Dictionary<string, string> _versions = new() { [Latest] = Address };
    private readonly List<AliasConfiguration> _aliases = [];
    private Exception? _refused;
    private string? _stack;
    private string _endpoint = "vpce-1";
    private Desk _desk = null!;
    private TaskRecord _record = Record("compare");

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _lambda
            .ListFunctionsAsync(Arg.Any<ListFunctionsRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => Page(call.Arg<ListFunctionsRequest>()));
        _lambda
            .ListAliasesAsync(Arg.Any<ListAliasesRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                _asked.Add(call.Arg<ListAliasesRequest>().FunctionName);
                return _refused is null ? new ListAliasesResponse { Aliases = _aliases } : throw _refused;
            });
        _lambda
            .GetAliasAsync(Arg.Any<GetAliasRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new GetAliasResponse
            {
                Name = _aliases[0].Name,
                FunctionVersion = _aliases[0].FunctionVersion,
                RoutingConfig = _aliases[0].RoutingConfig,
                RevisionId = "of the alias",
            });
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new GetFunctionConfigurationResponse
            {
                FunctionName = "consumer-dev-a",
                Environment = Environment(_versions[call.Arg<GetFunctionConfigurationRequest>().Qualifier ?? Latest]),
                RevisionId = "of the function",
            });
        // What was published already is found again.
        _lambda
            .PublishVersionAsync(Arg.Any<PublishVersionRequest>(), Arg.Any<CancellationToken>())
            .Returns(new PublishVersionResponse { Version = "2" });
        _lambda.UpdateAliasAsync(Arg.Do<UpdateAliasRequest>(_moved.Add), Arg.Any<CancellationToken>()).Returns(new UpdateAliasResponse());
        _ec2.DescribeVpcEndpointsAsync(Arg.Any<DescribeVpcEndpointsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeVpcEndpointsResponse
                {
                    VpcEndpoints =
                    [
                        new VpcEndpoint
                        {
                            VpcEndpointId = "vpce-1",
                            State = "available",
                            DnsEntries = [new DnsEntry { DnsName = "vpce-1-abc.example" }],
                        },
                    ],
                }
            );
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    /// <summary>
    /// A weighted alias serves some of its calls from a second version
    /// (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html).
    /// </summary>
    [Fact]
    public async Task The_alias_of_the_step_that_serves_some_calls_from_a_version_with_other_values_is_a_difference()
    {
        Weighted(before: Before);

        (await Compare("live"))
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe(["alias live of consumer-dev-a would be moved to a version with DATOMIC_ENDPOINT"]);
    }

    [Fact]
    public async Task It_is_moved_with_all_its_calls()
    {
        Weighted(before: Before);

        await Should.ThrowAsync<NotYetException>(() => Inject("live"));

        var moved = _moved.ShouldHaveSingleItem();
        (moved.Name, moved.FunctionVersion, moved.RevisionId).ShouldBe(("live", "2", "of the alias"));
        moved.RoutingConfig.AdditionalVersionWeights.ShouldBeEmpty();
    }

    /// <summary>Somebody shifts calls from one version to another, both of which have the values.</summary>
    [Fact]
    public async Task Weights_between_versions_that_have_the_values_are_left_as_they_are()
    {
        Weighted(before: Address);

        (await Compare("live")).ShouldBeOfType<Comparison.NoChanges>();
        (await Inject("live")).Outcome.ShouldBe(TaskOutcome.Succeeded);

        _moved.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_weighted_alias_is_a_notice()
    {
        Weighted(before: Before);

        var comparison = (await Compare(alias: null)).ShouldBeOfType<Comparison.NoChanges>();

        comparison.Notices.ShouldBe([
            "alias live (version 2) of consumer-dev-a has other values of DATOMIC_ENDPOINT than $LATEST: "
                + "versions do not change once they are published",
        ]);
    }

    [Fact]
    public async Task A_published_version_to_which_no_alias_leads_is_a_notice()
    {
        _versions["1"] = Before;

        var comparison = (await Compare(alias: null)).ShouldBeOfType<Comparison.NoChanges>();

        comparison.Notices.ShouldBe([
            "published version 1 of consumer-dev-a has other values of DATOMIC_ENDPOINT than $LATEST: "
                + "versions do not change once they are published",
        ]);
    }

    [Fact]
    public async Task Aliases_that_may_not_be_read_are_a_notice_where_the_step_names_none()
    {
        _versions["1"] = Before;
        _refused = new AmazonLambdaException("no")
        {
            ErrorCode = "AccessDeniedException",
            StatusCode = System.Net.HttpStatusCode.Forbidden,
        };

        var comparison = (await Compare(alias: null)).ShouldBeOfType<Comparison.NoChanges>();

        comparison.Notices.ShouldBe([
            "published versions of consumer-dev-a have other values of DATOMIC_ENDPOINT; whether an alias leads to them could not be "
                + "read: allow lambda:ListAliases",
        ]);
        await Should.ThrowAsync<AmazonLambdaException>(() => Compare("live"));
    }

    /// <summary>
    /// Lambda answers 15 reads a second (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    [Fact]
    public async Task The_aliases_of_250_functions_are_read_once_each_in_batches()
    {
        _functions.Clear();
        _functions.AddRange(
            Enumerable.Range(0, 250).Select(number => string.Create(CultureInfo.InvariantCulture, $"consumer-dev-{number:000}"))
        );
        _versions["2"] = Address;
        _aliases.Add(new AliasConfiguration { Name = "live", FunctionVersion = "2" });
        (IReadOnlyCollection<string> compared, ListedPages? listing) = ([], null);
        var batches = new List<Comparison>();
        do
        {
            var progress = new ComparisonProgress(compared, ComparisonProgress.BatchReads, listing);
            batches.Add(await Compare("live", progress));
            (compared, listing) = (progress.Compared, progress.Listing);
        } while (batches[^1] is Comparison.Unfinished);

        batches.Count.ShouldBe(3);
        batches[^1].ShouldBeOfType<Comparison.NoChanges>();
        _asked.ShouldBe(_functions, ignoreOrder: true);
    }

    /// <summary>They are listed together with those of all other functions of the account in the region.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("live")]
    public async Task Versions_of_many_pages_are_listed_in_batches_and_each_page_is_read_once(string? alias)
    {
        foreach (var version in Enumerable.Range(1, 40 * PageSize - 1))
        {
            _versions[version.ToString(CultureInfo.InvariantCulture)] = version % 2 == 0 ? Before : Address;
        }

        _aliases.Add(new AliasConfiguration { Name = "live", FunctionVersion = "1950" });
        (IReadOnlyCollection<string> compared, ListedPages? listing) = ([], null);
        var batches = new List<Comparison>();
        do
        {
            var before = _pages.Count;
            var progress = new ComparisonProgress(compared, ComparisonProgress.BatchReads, listing);
            batches.Add(await Compare(alias, progress));
            (compared, listing) = (progress.Compared, progress.Listing);
            (_pages.Count - before).ShouldBeInRange(1, ComparisonProgress.BatchReads / ComparisonProgress.PageReads);
        } while (batches[^1] is Comparison.Unfinished);

        batches.Count.ShouldBe(2);
        _pages.ShouldBe(Enumerable.Range(0, 40).Select(page => page == 0 ? null : page.ToString(CultureInfo.InvariantCulture)));
        if (alias is null)
        {
            batches[^1]
                .ShouldBeOfType<Comparison.NoChanges>()
                .Notices.ShouldHaveSingleItem()
                .ShouldStartWith("alias live (version 1950) and published versions 2, 4, 6, 8, ");
        }
        else
        {
            batches[^1]
                .ShouldBeOfType<Comparison.Changes>()
                .Differences.ShouldBe(["alias live of consumer-dev-a would be moved to a version with DATOMIC_ENDPOINT"]);
        }
    }

    [Fact]
    public async Task Without_a_function_on_any_page_there_is_none()
    {
        _functions.Clear();

        (await Should.ThrowAsync<EndpointNotInjectedException>(() => Compare("live"))).Message.ShouldBe(
            "no function of account 111111111111 is named consumer-dev-*"
        );
    }

    /// <summary>What is certain to fail at the step's turn is refused before the first wave, and is a problem of the plan.</summary>
    [Fact]
    public async Task A_function_that_is_there_without_the_alias_is_refused_where_no_step_may_make_it()
    {
        _stack = "Resources: { Topic: { Type: AWS::SNS::Topic }, F: { Type: AWS::Lambda::Function } }";

        var refused = (await Enter("live", Kind().WhyRefused)).ShouldNotBeNull();
        var plan = await Plan("live");

        refused.Message.ShouldBe("consumer-dev-a has no alias 'live'");
        refused.Failure(refused.Message).ShouldBeOfType<EndpointNotInjectedException>();
        (plan.Problem, plan.MissingInputs, plan.Notices.Count).ShouldBe(
            ("EndpointNotInjectedException: consumer-dev-a has no alias 'live'", null, 0)
        );
    }

    /// <summary>The address is not known before the network is made; that the functions lack the alias is.</summary>
    [Fact]
    public async Task It_is_refused_too_where_the_endpoint_is_made_by_the_same_deployment()
    {
        _stack = "Resources: { Topic: { Type: AWS::SNS::Topic } }\nOutputs: { Endpoint: { Value: x } }";
        _endpoint = "${steps.api.outputs.Endpoint}";

        (await Enter("live", Kind().WhyRefused)).ShouldNotBeNull();
        (await Plan("live")).Problem.ShouldBe("EndpointNotInjectedException: consumer-dev-a has no alias 'live'");
    }

    [Theory]
    [InlineData("Resources: { A: { Type: AWS::Lambda::Alias } }")]
    [InlineData(Serverless + "Resources: { F: { Type: AWS::Serverless::Function, Properties: { AutoPublishAlias: live } } }")]
    [InlineData(Serverless + "Globals: { Function: { AutoPublishAlias: live } }\nResources: { F: { Type: AWS::Serverless::Function } }")]
    [InlineData("Resources: { S: { Type: AWS::CloudFormation::Stack } }")]
    [InlineData("Resources: { C: { Type: Custom::Alias, Properties: { ServiceToken: arn } } }")]
    [InlineData("Transform: Macro\nResources: { T: { Type: AWS::SNS::Topic } }")]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nResources: { \"Fn::ForEach::A\": [ N, [ a ], { \"A${N}\": { Type: AWS::Lambda::Alias } } ] }"
    )]
    [InlineData(null)]
    public async Task An_alias_that_another_step_may_make_is_missing_only_as_long_as_that_has_no_changes(string? template)
    {
        _stack = template;

        (await Enter("live", Kind().WhyRefused)).ShouldBeNull();
        var plan = await Plan("live");

        plan.Problem.ShouldBe("EndpointNotInjectedException: consumer-dev-a has no alias 'live'");
        plan.MissingInputs.ShouldBe(["consumer-dev-a has no alias 'live'"]);
    }

    [Fact]
    public async Task With_the_alias_nothing_is_refused()
    {
        _stack = "Resources: { Topic: { Type: AWS::SNS::Topic } }";
        Weighted(before: Before);

        (await Enter("live", Kind().WhyRefused)).ShouldBeNull();
        (await Enter(null, Kind().WhyRefused)).ShouldBeNull();
        (await Plan("live")).Problem.ShouldBeNull();
    }

    private ListFunctionsResponse Page(ListFunctionsRequest request)
    {
        var isAll = request.FunctionVersion == FunctionVersion.ALL;
        if (isAll)
        {
            _pages.Add(request.Marker);
        }

        var page = request.Marker is null ? 0 : int.Parse(request.Marker, CultureInfo.InvariantCulture);
        var pages = _functions
            .SelectMany(name =>
                _versions
                    .Where(version => version.Key == Latest || isAll)
                    .Select(version => new FunctionConfiguration
                    {
                        FunctionName = name,
                        Version = version.Key,
                        Environment = Environment(version.Value),
                    })
            )
            .Chunk(PageSize)
            .ToList();
        return new ListFunctionsResponse
        {
            Functions = [.. pages.ElementAtOrDefault(page) ?? []],
            NextMarker = page + 1 < pages.Count ? (page + 1).ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private static EndpointStepKind Kind() => new(new EndpointWork(null!));

    private Task<StepPlan> Plan(string alias)
    {
        var kind = new EndpointStepKind(new EndpointWork(_desk.Ledger));
        return Enter(
            alias,
            async run =>
                await kind.Plan(
                    run,
                    new StepPlan
                    {
                        Step = "endpoint",
                        Kind = "endpoint",
                        Action = PlannedAction.Inject,
                    },
                    await kind.Compare(run, ComparisonProgress.Whole)
                )
        );
    }

    private void Weighted(string before)
    {
        (_versions["1"], _versions["2"]) = (before, Address);
        _aliases.Add(
            new AliasConfiguration
            {
                Name = "live",
                FunctionVersion = "2",
                RoutingConfig = new AliasRoutingConfiguration { AdditionalVersionWeights = new() { ["1"] = 0.1 } },
            }
        );
    }

    private static EnvironmentResponse Environment(string address) => new() { Variables = new() { ["DATOMIC_ENDPOINT"] = address } };

    private static TaskRecord Record(string task) =>
        new()
        {
            Deployment = new("one"),
            Step = "endpoint",
            Task = task,
            Kind = "endpoint",
        };

    private Task<Comparison> Compare(string? alias, ComparisonProgress? progress = null) =>
        Enter(alias, run => new EndpointWork(_desk.Ledger).Compare(run, progress ?? ComparisonProgress.Whole));

    private async Task<TaskDone> Inject(string alias)
    {
        _record = Record("resolve");
        await Enter(alias, new EndpointWork(_desk.Ledger).Resolve);
        _record = Record("inject-0");
        return await Enter(alias, run => new EndpointWork(_desk.Ledger).Inject(run, 0));
    }

    private async Task<T> Enter<T>(string? alias, Func<StepRun, Task<T>> work)
    {
        var named = alias is null ? string.Empty : $"\n    alias: {alias}";
        var folder = new MemoryFolder(
            (
                "deployer.yaml",
                $$"""
                service: inventory
                targets: { dev: { account: "111111111111", region: us-east-1 } }
                steps:
                  api: { stack: "api-${target}", template: "{{(_stack is null ? "https://s3.amazonaws.com/b/api.yaml" : "api.yaml")}}" }
                  endpoint:
                    endpoint: "{{_endpoint}}"
                    via: vpc-endpoint
                    functions: { names: [ "consumer-${target}-*" ] }
                    variables: { DATOMIC_ENDPOINT: "http://${dns}" }
                """ + named
            ),
            ("api.yaml", _stack ?? "Resources: { Topic: { Type: AWS::SNS::Topic } }")
        );
        using var run = _desk.Run(folder, _record, StubbedAccount.With(lambda: _lambda, ec2: _ec2), token: null);
        try
        {
            return await work(run);
        }
        finally
        {
            _record = run.Record;
        }
    }
}
