using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Services;
using KeyValuePair = Amazon.ECS.Model.KeyValuePair;

namespace Deployer.Functions.Tests.Services;

/// <summary>What a plan says of a task definition in a file beside the running revision.</summary>
public sealed class DefinitionDifferencesTests
{
    private const string Hidden = "hunter2-of-somebody";

    [Fact]
    public void What_ECS_adds_to_a_definition_is_no_difference()
    {
        var wanted = Wanted();
        wanted.Cpu = "1 vCPU";
        wanted.Memory = "2 GB";

        DefinitionDifferences.Between(wanted, Running()).ShouldBeEmpty();
    }

    [Fact]
    public void Each_member_that_differs_is_said()
    {
        var wanted = Wanted();
        wanted.Cpu = "2048";
        wanted.NetworkMode = NetworkMode.Bridge;
        wanted.EphemeralStorage = new EphemeralStorage { SizeInGiB = 40 };
        wanted.Volumes = [new Volume { Name = "data" }];
        wanted.ContainerDefinitions[0].HealthCheck = null;
        wanted.ContainerDefinitions[0].StopTimeout = 60;
        wanted.ContainerDefinitions[0].Command = ["run", Hidden];
        wanted.ContainerDefinitions.Add(
            new ContainerDefinition
            {
                Name = "proxy",
                Image = "nginx",
                Essential = false,
            }
        );

        DefinitionDifferences
            .Between(wanted, Running())
            .ShouldBe([
                "task cpu would be 2048 instead of 1024",
                "ephemeralStorage would be added",
                "networkMode would be bridge instead of awsvpc",
                "volume data would be added",
                "container app command would be added",
                "container app healthCheck would be removed",
                "container app stopTimeout would be 60 instead of none",
                "container proxy would be added",
            ]);
    }

    [Fact]
    public void Variables_and_secrets_are_named_without_their_values()
    {
        var wanted = Wanted();
        wanted.ContainerDefinitions[0].Image = "another";
        wanted.ContainerDefinitions[0].Environment =
        [
            new KeyValuePair { Name = "NEW", Value = Hidden },
            new KeyValuePair { Name = "LEVEL", Value = Hidden },
        ];
        wanted.ContainerDefinitions[0].Secrets = [];

        var differences = DefinitionDifferences.Between(wanted, Running());

        differences.ShouldBe([
            "container app would run another instead of shop",
            "container app would be given LEVEL",
            "container app would be given NEW",
            "container app would lose MODE",
            "container app would lose the secret PASSWORD",
        ]);
        string.Concat(differences).ShouldNotContain("hunter2");
    }

    private static RegisterTaskDefinitionRequest Wanted() =>
        new()
        {
            Family = "shop",
            NetworkMode = NetworkMode.Awsvpc,
            Cpu = "1024",
            Memory = "2048",
            ContainerDefinitions =
            [
                new ContainerDefinition
                {
                    Name = "app",
                    Image = "shop",
                    PortMappings = [new PortMapping { ContainerPort = 80 }],
                    HealthCheck = new HealthCheck { Command = ["CMD", "true"] },
                    Environment = [new KeyValuePair { Name = "LEVEL", Value = "info" }, new KeyValuePair { Name = "MODE", Value = "fast" }],
                    Secrets = [new Secret { Name = "PASSWORD", ValueFrom = "/shop/password" }],
                },
            ],
        };

    /// <summary>The same as ECS answers it.</summary>
    private static TaskDefinition Running()
    {
        var wanted = Wanted();
        var app = wanted.ContainerDefinitions[0];
        app.Cpu = 0;
        app.Essential = true;
        app.MountPoints = [];
        app.VolumesFrom = [];
        app.SystemControls = [];
        app.PortMappings =
        [
            new PortMapping
            {
                ContainerPort = 80,
                HostPort = 80,
                Protocol = TransportProtocol.Tcp,
            },
        ];
        app.HealthCheck = new HealthCheck
        {
            Command = ["CMD", "true"],
            Interval = 30,
            Timeout = 5,
            Retries = 3,
        };
        app.Environment.Reverse();
        return new TaskDefinition
        {
            TaskDefinitionArn = "arn:aws:ecs:us-east-1:111111111111:task-definition/shop:1",
            Family = "shop",
            Revision = 1,
            NetworkMode = wanted.NetworkMode,
            Cpu = wanted.Cpu,
            Memory = wanted.Memory,
            Volumes = [],
            PlacementConstraints = [],
            ContainerDefinitions = wanted.ContainerDefinitions,
        };
    }
}
