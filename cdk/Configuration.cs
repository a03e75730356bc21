using System.Text.Json;

namespace Deployer.Cdk;

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

    /// <summary>The region of a target.</summary>
    public string RegionOf(ServiceTarget target) => target.Region ?? StageOf(target).Regions[0];

    private void Check(string path)
    {
        var names = Stages.Select(stage => stage.Name).ToList();
        var known = string.Join(", ", names);
        Require(names.Count > 0 && names.Distinct(StringComparer.Ordinal).Count() == names.Count, "expected distinct stage names");
        foreach (var stage in Stages)
        {
            Require(stage.Regions.Count > 0, $"stage {stage.Name} has no region; expected at least one");
            Require(
                stage.PromotesFrom is null || names.Contains(stage.PromotesFrom),
                $"stage {stage.Name} promotes from {stage.PromotesFrom}, which is not one of the stages {known}"
            );
        }

        foreach (var service in Services)
        {
            Require(
                service.Targets.Count is > 0 and <= MostTargets,
                $"service {service.Name} has {service.Targets.Count} targets; expected 1 to {MostTargets}"
            );
            Require(
                service.Targets.DistinctBy(target => target.Target).Count() == service.Targets.Count,
                $"service {service.Name} has a target twice; expected each once, a second region of a stage by a name of its own"
            );
            foreach (var target in service.Targets)
            {
                Require(names.Contains(target.Stage), $"target {target.Stage} of {service.Name} is not one of the stages {known}");
                Require(
                    target.Name is null
                        || target.Name == target.Stage
                        || target.Name.StartsWith($"{target.Stage}-", StringComparison.Ordinal),
                    $"target {target.Name} of {service.Name} does not begin with its stage; expected {target.Stage}-NAME"
                );
                Require(
                    target.Region is null || StageOf(target).Regions.Contains(target.Region),
                    $"region {target.Region} of target {target.Stage} of {service.Name} is not one of the stage's: "
                        + string.Join(", ", StageOf(target).Regions)
                );
            }

            Require(
                service.Targets.DistinctBy(target => (target.Stage, RegionOf(target))).Count() == service.Targets.Count,
                $"service {service.Name} has two targets in one region of a stage; expected each region once"
            );
        }

        foreach (var transactor in Transactors)
        {
            Require(transactor.Subnets.Count == 2, $"transactor {transactor.Name} does not have two subnets, in different zones");
            Require(
                names.Contains(transactor.Stage),
                $"stage {transactor.Stage} of transactor {transactor.Name} is not one of the stages {known}"
            );
            Require(
                transactor.Image.Contains("@sha256:", StringComparison.Ordinal),
                $"the image of transactor {transactor.Name} is not named by its digest, REPOSITORY@sha256:DIGEST"
            );
        }

        void Require(bool isSo, string problem)
        {
            if (!isSo)
            {
                throw new ConfigurationException($"{path}: {problem}");
            }
        }
    }
}

/// <summary>The file that says what is installed where is not as expected.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
