using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ions;
using Deployer.Functions.Tests.Accounts;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;
using NSubstitute;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonPreflightTests
{
    private const string Group = "inventory-dev";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private static readonly SourcePosition Position = new("ion-config.edn", 3, 5);

    private string? _application = "inventory";
    private string[]? _groups = ["inventory-prod", Group];
    private string[] _buckets = ["datomic-code-1"];
    private string? _clonedFrom;
    private int _limit = 1000;
    private int _unreserved = 500;
    private int _capacity = 2;

    [Fact]
    public async Task Nothing_is_reported_of_what_can_be_deployed() => (await Faults()).ShouldBeEmpty();

    [Theory]
    [InlineData("https://github.com/acme/inventory", "GITHUB")]
    [InlineData("https://gitlab.com/acme/inventory", "GITLAB")]
    [InlineData("https://bitbucket.org/acme/inventory", "BITBUCKET")]
    public async Task A_repository_of_a_host_that_CodeBuild_clones_from_is_accepted(string url, string type)
    {
        _clonedFrom = url;

        (await Faults()).ShouldBeEmpty();
        GitHost.TypeOf(url).ShouldNotBeNull().Value.ShouldBe(type);
    }

    [Fact]
    public async Task A_repository_of_another_host_is_refused_by_its_name()
    {
        _clonedFrom = "https://git.example.com/acme/inventory";

        (await Faults())
            .ShouldHaveSingleItem()
            .ShouldBe(
                "deployer.yaml: the repository is on git.example.com, from which CodeBuild cannot clone by a connection; expected "
                    + "github.com, gitlab.com or bitbucket.org, or no repository, so that the source is pushed as it was handed in"
            );
    }

    [Fact]
    public async Task Another_account_or_region_is_seen_by_the_missing_stack()
    {
        _application = null;

        (await Faults()).ShouldHaveSingleItem().ShouldStartWith("there is no stack inventory-dev in account 111111111111, us-east-1");
    }

    [Fact]
    public async Task The_application_has_to_be_the_group_s()
    {
        _application = "orders";

        (await Faults())
            .ShouldHaveSingleItem()
            .ShouldBe("ion-config.edn:3:5: :app-name is \"inventory\", the ApplicationName of inventory-dev is \"orders\"");
    }

    [Fact]
    public async Task A_group_without_ApplicationName_is_its_own_application()
    {
        _application = string.Empty;

        (await Faults()).ShouldHaveSingleItem().ShouldEndWith("the ApplicationName of inventory-dev is \"inventory-dev\"");
    }

    [Fact]
    public async Task The_group_has_to_be_among_those_of_the_application()
    {
        _groups = ["inventory-prod"];

        (await Faults())
            .ShouldHaveSingleItem()
            .ShouldBe("inventory-dev is none of the groups to which inventory is deployed: inventory-prod");
    }

    [Fact]
    public async Task The_application_has_to_exist()
    {
        _groups = null;

        (await Faults()).ShouldHaveSingleItem().ShouldStartWith("there is no CodeDeploy application inventory");
    }

    [Theory]
    [InlineData("none has")]
    [InlineData("these have: one, two", "one", "two")]
    public async Task There_has_to_be_one_code_bucket(string said, params string[] buckets)
    {
        _buckets = buckets;

        (await Faults()).ShouldHaveSingleItem().ShouldEndWith(said);
    }

    [Fact]
    public async Task Derived_names_have_to_fit()
    {
        var faults = await Faults(lambda: new string('x', 51), revision: new string('u', 53));

        faults.Count.ShouldBe(2);
        faults[0].ShouldContain("has 65 characters; at most 64 are allowed");
        faults[1].ShouldContain("has 81 characters; at most 80 are allowed");
    }

    [Theory]
    [InlineData(1000, 120, 0)]
    [InlineData(1000, 119, 1)]
    [InlineData(50, 30, 0)]
    [InlineData(10, 10, 1)]
    public async Task The_reserved_concurrency_has_to_fit_the_account(int limit, int unreserved, int faults)
    {
        (_limit, _unreserved) = (limit, unreserved);

        (await Faults()).Count.ShouldBe(faults);
    }

    [Fact]
    public async Task A_group_that_is_off_is_reported_with_what_to_do()
    {
        _capacity = 0;

        (await Faults())
            .ShouldHaveSingleItem()
            .ShouldStartWith("inventory-dev is off, so no instance would run the revision; turn it on first ('deployer group on'");
    }

    [Fact]
    public async Task An_ion_dev_that_is_too_old_is_reported() =>
        (await Faults(ionDev: "1.0.326"))
            .ShouldHaveSingleItem()
            .ShouldStartWith("deps.edn has ion-dev 1.0.326, Datomic Cloud 9399 on inventory-dev needs 1.0.352");

    [Fact]
    public async Task All_faults_come_together()
    {
        (_application, _groups, _buckets, _unreserved) = ("orders", null, [], 0);

        (await Faults(ionDev: "1.0.326")).Count.ShouldBe(5);
    }

    private async Task<IReadOnlyList<string>> Faults(string lambda = "get-item", string revision = Commit, string ionDev = "1.0.352")
    {
        var config = new IonConfig(
            "inventory",
            Position,
            [],
            [],
            [new IonLambda(lambda, Position, "inventory.ions/get-item", "An item", 60, 20, false)],
            null
        );
        var found = await new IonPreflight(
            Account(),
            Group,
            new IonApplication(RelativePath.Root, new DepsEdn(["src"], "1.0.71", ionDev, []), RelativePath.Root, config)
        )
        {
            ClonedFrom = _clonedFrom,
        }.Faults(revision);
        return [.. found.Select(fault => fault.Text)];
    }

    private TargetAccount Account()
    {
        var cloudFormation = Substitute.For<IAmazonCloudFormation>();
        cloudFormation
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeStacksResponse
                {
                    Stacks = _application is null
                        ? []
                        :
                        [
                            new Stack
                            {
                                Parameters = [new Parameter { ParameterKey = "ApplicationName", ParameterValue = _application }],
                                Outputs = [new Output { OutputKey = "DatomicCloudVersion", OutputValue = "9399" }],
                            },
                        ],
                }
            );
        var codeDeploy = Substitute.For<IAmazonCodeDeploy>();
        codeDeploy
            .ListDeploymentGroupsAsync(Arg.Any<ListDeploymentGroupsRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                _groups is null
                    ? throw new ApplicationDoesNotExistException("no application")
                    : new ListDeploymentGroupsResponse { DeploymentGroups = [.. _groups] }
            );
        codeDeploy
            .GetDeploymentGroupAsync(Arg.Any<GetDeploymentGroupRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetDeploymentGroupResponse
                {
                    DeploymentGroupInfo = new DeploymentGroupInfo
                    {
                        AutoScalingGroups = [new Amazon.CodeDeploy.Model.AutoScalingGroup { Name = "nodes" }],
                    },
                }
            );
        var autoScaling = Substitute.For<IAmazonAutoScaling>();
        autoScaling
            .DescribeAutoScalingGroupsAsync(
                Arg.Any<Amazon.AutoScaling.Model.DescribeAutoScalingGroupsRequest>(),
                Arg.Any<CancellationToken>()
            )
            .Returns(
                new Amazon.AutoScaling.Model.DescribeAutoScalingGroupsResponse
                {
                    AutoScalingGroups = [new Amazon.AutoScaling.Model.AutoScalingGroup { DesiredCapacity = _capacity }],
                }
            );
        var lambda = Substitute.For<IAmazonLambda>();
        lambda
            .GetAccountSettingsAsync(Arg.Any<GetAccountSettingsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetAccountSettingsResponse
                {
                    AccountLimit = new AccountLimit { ConcurrentExecutions = _limit, UnreservedConcurrentExecutions = _unreserved },
                }
            );
        lambda
            .GetFunctionConcurrencyAsync(Arg.Any<GetFunctionConcurrencyRequest>(), Arg.Any<CancellationToken>())
            .Returns<GetFunctionConcurrencyResponse>(_ => throw new Amazon.Lambda.Model.ResourceNotFoundException("no function"));
        var tagging = Substitute.For<IAmazonResourceGroupsTaggingAPI>();
        tagging
            .GetResourcesAsync(Arg.Any<GetResourcesRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new GetResourcesResponse
                {
                    ResourceTagMappingList =
                    [
                        .. _buckets.Select(bucket => new ResourceTagMapping { ResourceARN = $"arn:aws:s3:::{bucket}" }),
                    ],
                }
            );
        return StubbedAccount.With(cloudFormation, codeDeploy: codeDeploy, lambda: lambda, autoScaling: autoScaling, tagging: tagging);
    }
}
