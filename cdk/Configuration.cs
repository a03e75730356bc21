using System.Text.Json;

namespace Deployer.Cdk;

/// <summary>An account and a region of it.</summary>
/// <param name="Account">The account's id, 12 digits.</param>
/// <param name="Region">The region.</param>
internal sealed record AccountPlace(string Account, string Region);

/// <summary>A stage: an instance of the deployer in the tools account, and the account that it deploys to.</summary>
/// <param name="Name">The stage, as targets in deployer.yaml are called.</param>
/// <param name="Account">The id of the target account.</param>
/// <param name="Regions">The regions that are deployed to; the first one has the roles, which are global to the account.</param>
internal sealed record Stage(string Name, string Account, IReadOnlyList<string> Regions)
{
    /// <summary>The stage whose revisions this one promotes; <see langword="null"/> for a first stage.</summary>
    public string? PromotesFrom { get; init; }

    /// <summary>ARN of the SNS topic that alarms go to.</summary>
    public string? AlarmTopic { get; init; }
}

/// <summary>Where a service is deployed to.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="System">The Datomic system there.</param>
internal sealed record ServiceTarget(string Stage, string System)
{
    /// <summary>A region of the stage; its first one when left out.</summary>
    public string? Region { get; init; }

    /// <summary>The CodeDeploy application, where it is not called as the service.</summary>
    public string? Application { get; init; }

    /// <summary>Names of the functions that take the endpoint, with a * at the end.</summary>
    public string? ConsumerFunctions { get; init; }
}

/// <summary>A service.</summary>
/// <param name="Name">Its name in deployer.yaml.</param>
/// <param name="Repository">Its repository as the host names it, such as <c>acme/inventory</c>.</param>
/// <param name="Connection">ARN of the connection that reads the repository.</param>
/// <param name="Targets">Where it is deployed to, in the order of its pipeline; three at most.</param>
internal sealed record Service(string Name, string Repository, string Connection, IReadOnlyList<ServiceTarget> Targets)
{
    /// <summary>The branch that the pipeline deploys.</summary>
    public string? Branch { get; init; }
}

/// <summary>A Datomic Pro transactor on Fargate.</summary>
/// <param name="Name">Its name, and that of its table; its services are <c>NAME-a</c> and <c>NAME-b</c>.</param>
/// <param name="Stage">The stage in whose account it runs.</param>
/// <param name="Cluster">The name of its ECS cluster.</param>
/// <param name="Vpc">The id of its VPC.</param>
/// <param name="Subnets">Two subnets, in different zones.</param>
/// <param name="Repository">ARN of the ECR repository with its image.</param>
/// <param name="Image">The image by its digest.</param>
internal sealed record Transactor(
    string Name,
    string Stage,
    string Cluster,
    string Vpc,
    IReadOnlyList<string> Subnets,
    string Repository,
    string Image
)
{
    /// <summary>A region of the stage; its first one when left out.</summary>
    public string? Region { get; init; }

    /// <summary><c>pair</c> or <c>single</c>; a pair when left out.</summary>
    public string? Mode { get; init; }
}

/// <summary>What is installed where: <c>deployer.json</c>.</summary>
/// <param name="Tools">Where the deployer and the pipelines are.</param>
/// <param name="Functions">The native executable that <c>build/native.sh</c> makes, relative to the file.</param>
/// <param name="Stages">The stages.</param>
/// <param name="Services">The services.</param>
internal sealed record Configuration(AccountPlace Tools, string Functions, IReadOnlyList<Stage> Stages, IReadOnlyList<Service> Services)
{
    private const int MostTargets = 3;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The transactors; none when left out.</summary>
    public IReadOnlyList<Transactor> Transactors { get; init; } = [];

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ConfigurationException">The file is missing or not as expected; the message says what is.</exception>
    public static Configuration Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var read = JsonSerializer.Deserialize<Configuration>(file, Format) ?? throw new ConfigurationException($"{path} is empty");
            read.Check(path);
            return read with { Functions = Path.GetFullPath(read.Functions, Path.GetDirectoryName(Path.GetFullPath(path))!) };
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{path}: {exception.Message}");
        }
        catch (IOException exception)
        {
            throw new ConfigurationException($"{path}: {exception.Message}");
        }
    }

    /// <summary>The stage of a target.</summary>
    public Stage StageOf(ServiceTarget target) => Stages.Single(stage => stage.Name == target.Stage);

    private void Check(string path)
    {
        var names = Stages.Select(stage => stage.Name).ToList();
        Expect(names.Count > 0 && names.Distinct(StringComparer.Ordinal).Count() == names.Count, "stages with names of their own");
        foreach (var stage in Stages)
        {
            Expect(stage.Regions.Count > 0, $"a region of the stage {stage.Name}");
            Expect(stage.PromotesFrom is null || names.Contains(stage.PromotesFrom), $"a stage that {stage.Name} promotes from");
        }

        foreach (var service in Services)
        {
            Expect(service.Targets.Count is > 0 and <= MostTargets, $"one to {MostTargets} targets of {service.Name}");
            foreach (var target in service.Targets)
            {
                Expect(names.Contains(target.Stage), $"a stage of the file instead of {target.Stage}, a target of {service.Name}");
                Expect(
                    target.Region is null || StageOf(target).Regions.Contains(target.Region),
                    $"a region of the stage {target.Stage} instead of {target.Region}"
                );
            }
        }

        foreach (var transactor in Transactors)
        {
            Expect(transactor.Subnets.Count == 2, $"two subnets of {transactor.Name}, in different zones");
            Expect(names.Contains(transactor.Stage), $"a stage of the file instead of {transactor.Stage}, of {transactor.Name}");
            Expect(
                transactor.Image.Contains("@sha256:", StringComparison.Ordinal),
                $"an image by its digest, REPOSITORY@sha256:DIGEST, of {transactor.Name}"
            );
        }

        void Expect(bool isSo, string what)
        {
            if (!isSo)
            {
                throw new ConfigurationException($"{path}: expected {what}");
            }
        }
    }
}

/// <summary>The file that says what is installed where is not as expected.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
