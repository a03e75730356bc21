using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Transactors;
using KeyValuePair = Amazon.ECS.Model.KeyValuePair;
using LogDriver = Amazon.ECS.LogDriver;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>What is registered of a step and of the revision that runs.</summary>
public sealed class TransactorDefinitionTests : IAsyncLifetime
{
    private const string Password = "arn:aws:secretsmanager:us-east-1:111111111111:secret:tx/memcached-AbCdEf";
    private const string Token = "arn:aws:ssm:us-east-1:111111111111:parameter/tx/token";

    private const string Keys = $$"""
            environment: { TEAM: orders, DATOMIC_EXT_CLASSPATH: /functions.jar }
            secrets: { memcached-password: "{{Password}}", TOKEN: "{{Token}}" }
            javaOptions: [ -Ddatomic.ddbRequestTimeout=2000, "-XX:MaxDirectMemorySize=1g" ]
        """;

    private static readonly string Image = $"111111111111.dkr.ecr.us-east-1.amazonaws.com/transactor@sha256:{new string('0', 64)}";

    private static readonly string[] Environment =
    [
        "DATOMIC_EXT_CLASSPATH=/functions.jar",
        "DATOMIC_HEAP=4g",
        // The start script reads one option a line, and the names of secrets with spaces between them.
        "DATOMIC_JAVA_OPTIONS=-Ddatomic.ddbRequestTimeout=2000\n-XX:MaxDirectMemorySize=1g",
        "DATOMIC_NAME=tx",
        "DATOMIC_PROPERTY_MEMORY_INDEX_MAX=512m",
        "DATOMIC_PROPERTY_MEMORY_INDEX_THRESHOLD=32m",
        "DATOMIC_PROPERTY_OBJECT_CACHE_MAX=1g",
        "DATOMIC_REGION=us-east-1",
        "DATOMIC_SECRETS=DATOMIC_PROPERTY_MEMCACHED_PASSWORD TOKEN",
        "DATOMIC_TABLE=orders",
        "TEAM=orders",
    ];

    private static readonly string[] Secrets = [$"DATOMIC_PROPERTY_MEMCACHED_PASSWORD from {Password}", $"TOKEN from {Token}"];

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public void Secrets_are_named_with_where_they_come_from_and_only_what_is_none_is_a_variable()
    {
        var made = For(Keys);

        var container = made.Request.ContainerDefinitions[0];
        container.Environment.Select(one => $"{one.Name}={one.Value}").ShouldBe(Environment);
        container.Secrets.Select(one => $"{one.Name} from {one.ValueFrom}").ShouldBe(Secrets);
        made.Differences.ShouldBe(
            [
                "the version would be 1.0.7705 instead of 1.0.7622",
                $"the image would be {Image} instead of image:1",
                "cpu would be 1024 instead of 512",
                "memory would be 6144 instead of 4096",
                "the log group would be /tx instead of /former",
                "the heap would be 4g instead of 2g",
                "DATOMIC_EXT_CLASSPATH would be added",
                "DATOMIC_JAVA_OPTIONS would be added",
                "DATOMIC_NAME would be added",
                "DATOMIC_PROPERTY_MEMORY_INDEX_MAX would be added",
                "DATOMIC_PROPERTY_MEMORY_INDEX_THRESHOLD would be added",
                "DATOMIC_PROPERTY_OBJECT_CACHE_MAX would be added",
                "DATOMIC_REGION would be added",
                "DATOMIC_SECRETS would be added",
                "TEAM would change",
                "PASSPHRASE would be removed",
                $"the secret DATOMIC_PROPERTY_MEMCACHED_PASSWORD would come from {Password}",
                $"the secret TOKEN would come from {Token}",
                "the secret FORMER would be removed",
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void What_the_file_does_not_have_any_more_is_taken_away()
    {
        var container = For(string.Empty).Request.ContainerDefinitions[0];

        container
            .Environment.Select(one => one.Name)
            .ShouldBe([
                "DATOMIC_HEAP",
                "DATOMIC_NAME",
                "DATOMIC_PROPERTY_MEMORY_INDEX_MAX",
                "DATOMIC_PROPERTY_MEMORY_INDEX_THRESHOLD",
                "DATOMIC_PROPERTY_OBJECT_CACHE_MAX",
                "DATOMIC_REGION",
                "DATOMIC_TABLE",
            ]);
        container.Secrets.ShouldBeEmpty();
    }

    [Fact]
    public void What_no_key_says_stays_as_it_runs()
    {
        var request = For(Keys).Request;

        (request.Family, request.TaskRoleArn, request.ExecutionRoleArn).ShouldBe(("tx", "arn:task", "arn:execution"));
        (request.NetworkMode, request.RequiresCompatibilities.ShouldHaveSingleItem()).ShouldBe((NetworkMode.Awsvpc, "FARGATE"));
        var container = request.ContainerDefinitions[0];
        container.HealthCheck.Command.ShouldBe(["CMD", "/opt/datomic/bin/check-health"]);
        container.StopTimeout.ShouldBe(30);
        container.PortMappings.ShouldHaveSingleItem().ContainerPort.ShouldBe(4334);
        container.LogConfiguration.Options["mode"].ShouldBe("non-blocking");
        request.ContainerDefinitions[1].Environment.ShouldHaveSingleItem().Value.ShouldBe("beside");
        request
            .Tags.Where(tag => tag.Key != WantedDefinition.DigestTag)
            .Select(tag => $"{tag.Key}={tag.Value}")
            .ShouldBe(["team=orders", $"{TransactorDefinition.VersionTag}=1.0.7705"], "AWS's own cannot be given");
        request.Tags.Count(tag => tag.Key == WantedDefinition.DigestTag).ShouldBe(1);
    }

    [Theory]
    [InlineData("AbCdEf", "GhIjKl")]
    [InlineData("TOKEN:", "OTHER:")]
    [InlineData("ddbRequestTimeout=2000", "ddbRequestTimeout=3000")]
    [InlineData("TEAM: orders", "TEAM: shop")]
    [InlineData("    javaOptions:", "    after: [] #")]
    public void A_revision_is_that_of_the_file_only_with_each_of_its_secrets_variables_and_options(string written, string replacement)
    {
        Keys.ShouldContain(written);
        var tags = For(Keys).Request.Tags;

        For(Keys).IsMadeOf(tags).ShouldBeTrue();
        For(Keys.Replace(written, replacement, StringComparison.Ordinal)).IsMadeOf(tags).ShouldBeFalse();
    }

    [Fact]
    public void A_revision_that_has_what_the_file_says_does_not_differ()
    {
        var request = For(Keys).Request;
        var running = Running();
        running.ContainerDefinitions = request.ContainerDefinitions;
        (running.Cpu, running.Memory) = (request.Cpu, request.Memory);

        For(Keys, running, request.Tags).Differences.ShouldBeEmpty();
    }

    private TransactorDefinition For(string keys) =>
        For(
            keys,
            Running(),
            [
                new Tag { Key = "team", Value = "orders" },
                new Tag { Key = "aws:cloudformation:stack-name", Value = "tx" },
                new Tag { Key = WantedDefinition.DigestTag, Value = "of-the-former" },
                new Tag { Key = TransactorDefinition.VersionTag, Value = "1.0.7622" },
            ]
        );

    private TransactorDefinition For(string keys, TaskDefinition running, IReadOnlyList<Tag> tags)
    {
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "tx",
            Task = "standby",
            Kind = "transactor",
        };
        return TransactorDefinition.For(new StubbedPair { Keys = keys }.Run(_desk, record, StubbedPair.Start), running, tags);
    }

    private static TaskDefinition Running() =>
        new()
        {
            TaskDefinitionArn = StubbedPair.Arn(1),
            Family = "tx",
            TaskRoleArn = "arn:task",
            ExecutionRoleArn = "arn:execution",
            NetworkMode = NetworkMode.Awsvpc,
            RequiresCompatibilities = ["FARGATE"],
            Cpu = "512",
            Memory = "4096",
            ContainerDefinitions =
            [
                new ContainerDefinition
                {
                    Name = "transactor",
                    Image = "image:1",
                    StopTimeout = 30,
                    PortMappings = [new PortMapping { ContainerPort = 4334 }],
                    HealthCheck = new HealthCheck { Command = ["CMD", "/opt/datomic/bin/check-health"] },
                    Environment =
                    [
                        Variable("DATOMIC_TABLE", "orders"),
                        Variable("DATOMIC_HEAP", "2g"),
                        Variable("PASSPHRASE", StubbedPair.Hidden),
                        Variable("TEAM", "former"),
                    ],
                    Secrets = [new Secret { Name = "FORMER", ValueFrom = "arn:former" }],
                    LogConfiguration = new LogConfiguration
                    {
                        LogDriver = LogDriver.Awslogs,
                        Options = new()
                        {
                            ["awslogs-group"] = "/former",
                            ["awslogs-stream-prefix"] = "datomic",
                            ["mode"] = "non-blocking",
                        },
                    },
                },
                new ContainerDefinition { Name = "beside", Environment = [Variable("ROLE", "beside")] },
            ],
        };

    private static KeyValuePair Variable(string name, string value) => new() { Name = name, Value = value };
}
