using Amazon.ECS;
using Amazon.ECS.Model;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>Services on the capacity providers of Fargate.</summary>
public sealed class FargateProvidersTests : IAsyncLifetime
{
    private const string Cluster = "mixed";

    private ContainerCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ContainerCluster.Start();
        await _cluster.Ecs.CreateClusterAsync(
            new CreateClusterRequest
            {
                ClusterName = Cluster,
                CapacityProviders = ["FARGATE", "FARGATE_SPOT"],
                DefaultCapacityProviderStrategy = [Of("FARGATE_SPOT", weight: 1)],
            }
        );
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(4, 1, 1, 3, "FARGATE 2, FARGATE_SPOT 2")]
    [InlineData(8, 0, 1, 3, "FARGATE 2, FARGATE_SPOT 6")]
    [InlineData(3, 2, 0, 1, "FARGATE 2, FARGATE_SPOT 1")]
    [InlineData(3, 0, 0, 1, "FARGATE_SPOT 3")]
    public async Task Tasks_are_spread_by_base_and_weight(int tasks, int atLeast, int ordinary, int spot, string providers)
    {
        await Create(tasks, Of("FARGATE", ordinary, atLeast), Of("FARGATE_SPOT", spot));

        (await Providers()).ShouldBe(providers);
    }

    [Fact]
    public async Task An_update_keeps_the_strategy_and_another_one_begins_a_deployment()
    {
        await Create(2, Of("FARGATE_SPOT", weight: 1));
        var created = await Describe();

        await _cluster.Ecs.UpdateServiceAsync(Update(request => request.TaskDefinition = $"{ContainerCluster.Family}:2"));
        await Steady();
        var updated = await Describe();
        await _cluster.Ecs.UpdateServiceAsync(Update(request => request.CapacityProviderStrategy = [Of("FARGATE", weight: 1)]));
        await Steady();
        var moved = await Describe();

        (created.LaunchType, created.Deployments[0].LaunchType).ShouldBe((null, null));
        created.CapacityProviderStrategy.ShouldHaveSingleItem().CapacityProvider.ShouldBe("FARGATE_SPOT");
        updated.CapacityProviderStrategy.ShouldHaveSingleItem().CapacityProvider.ShouldBe("FARGATE_SPOT");
        updated.Deployments[0].CapacityProviderStrategy.ShouldHaveSingleItem().CapacityProvider.ShouldBe("FARGATE_SPOT");
        moved.Deployments[0].Id.ShouldNotBe(updated.Deployments[0].Id);
        (await Providers()).ShouldBe("FARGATE 2");
    }

    [Fact]
    public async Task A_service_with_neither_has_the_strategy_of_its_cluster()
    {
        await Create(1);

        (await Providers()).ShouldBe("FARGATE_SPOT 1");
    }

    [Theory]
    [InlineData("FARGATE_SPOT", 1, 0, ContainerCluster.Name, "cannot contain a capacity provider that is not associated with the cluster")]
    [InlineData("my-instances", 1, 0, Cluster, "The rehearsal simulates the capacity providers FARGATE and FARGATE_SPOT only")]
    [InlineData("FARGATE_SPOT", 1001, 0, Cluster, "A weight is from 0 to 1000")]
    [InlineData("FARGATE_SPOT", 0, 0, Cluster, "must have a weight value greater than zero")]
    [InlineData("FARGATE_SPOT", 1, 1, Cluster, "Only one capacity provider in a capacity provider strategy can have a base defined")]
    [InlineData("FARGATE", 1, 0, Cluster, "each of them once")]
    public async Task A_strategy_that_AWS_does_not_take_is_refused(string other, int weight, int atLeast, string cluster, string message)
    {
        var request = Request(1, Of("FARGATE", weight: 0, atLeast: 1), Of(other, weight, atLeast));
        request.Cluster = cluster;

        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(request))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_launch_type_beside_a_strategy_is_refused()
    {
        var request = Request(1, Of("FARGATE", weight: 1));
        request.LaunchType = LaunchType.FARGATE;

        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(request))).Message.ShouldStartWith(
            "Specifying both a launch type and capacity provider strategy is not supported."
        );
    }

    private static CapacityProviderStrategyItem Of(string provider, int weight, int atLeast = 0) =>
        new()
        {
            CapacityProvider = provider,
            Weight = weight,
            Base = atLeast,
        };

    private static CreateServiceRequest Request(int desired, params CapacityProviderStrategyItem[] strategy)
    {
        var request = ContainerCluster.Service(desired);
        request.Cluster = Cluster;
        request.LaunchType = null;
        request.CapacityProviderStrategy = [.. strategy];
        return request;
    }

    private static UpdateServiceRequest Update(Action<UpdateServiceRequest> change)
    {
        var request = new UpdateServiceRequest { Cluster = Cluster, Service = ContainerCluster.Family };
        change(request);
        return request;
    }

    private async Task Create(int desired, params CapacityProviderStrategyItem[] strategy)
    {
        await _cluster.Ecs.CreateServiceAsync(Request(desired, strategy));
        await Steady();
    }

    private Task Steady() => _cluster.World.RunUntil(() => _cluster.Record(Cluster).Steady);

    private async Task<Service> Describe() =>
        (
            await _cluster.Ecs.DescribeServicesAsync(
                new DescribeServicesRequest { Cluster = Cluster, Services = [ContainerCluster.Family] }
            )
        ).Services.ShouldHaveSingleItem();

    /// <summary>How many tasks that run each provider has, by what ECS describes.</summary>
    private async Task<string> Providers()
    {
        var listed = await _cluster.Ecs.ListTasksAsync(new ListTasksRequest { Cluster = Cluster, DesiredStatus = DesiredStatus.RUNNING });
        var described = await _cluster.Ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = Cluster, Tasks = listed.TaskArns });
        described.Tasks.ShouldAllBe(task => task.LaunchType == LaunchType.FARGATE);
        return string.Join(
            ", ",
            described
                .Tasks.CountBy(task => task.CapacityProviderName)
                .OrderBy(provider => provider.Key, StringComparer.Ordinal)
                .Select(provider => $"{provider.Key} {provider.Value}")
        );
    }
}
