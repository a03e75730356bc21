using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.ECS.Model;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// A revision of a transactor's task definition with what a step wants: roles, network and health check are those of the revision that
/// runs; image, size, log group, environment and secrets are the file's alone.
/// </summary>
/// <param name="Request">What is registered.</param>
/// <param name="Differences">A sentence for each difference to the revision that it was made of, without values.</param>
internal sealed record TransactorDefinition(RegisterTaskDefinitionRequest Request, IReadOnlyList<string> Differences)
{
    /// <summary>The tag with the release of Datomic Pro, which an image by its digest does not show.</summary>
    public const string VersionTag = "deployer:datomic-pro";

    private const string Table = "DATOMIC_TABLE";
    private const string Heap = "DATOMIC_HEAP";
    private const string Property = "DATOMIC_PROPERTY_";
    private const string HeartbeatProperty = "heartbeat-interval-msec";

    private static readonly Dictionary<string, string> Shown = new(StringComparer.Ordinal) { [Table] = "the table", [Heap] = "the heap" };

    /// <summary>
    /// The interval of heartbeats unless the properties file says otherwise: https://docs.datomic.com/operation/ha.html, "5000".
    /// </summary>
    public static readonly TimeSpan UsualHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>The interval of the heartbeats of a revision's transactors.</summary>
    /// <exception cref="ServiceRefusedException">It has no container with a transactor.</exception>
    public static TimeSpan HeartbeatOf(TaskDefinition definition) =>
        Interval(ContainerOf(definition).Environment.Find(variable => variable.Name == OfProperty(HeartbeatProperty))?.Value);

    /// <summary>The interval of the heartbeats that the step wants.</summary>
    public static TimeSpan HeartbeatOf(StepRun run) =>
        Interval(run.Step<TransactorStep>().Properties.TryGetValue(HeartbeatProperty, out var written) ? run.Text(written) : null);

    private static TimeSpan Interval(string? written) =>
        int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : UsualHeartbeat;

    /// <summary>What the step wants of a revision.</summary>
    /// <exception cref="ServiceRefusedException">It has no container with a transactor, or none whose log can be read.</exception>
    public static TransactorDefinition For(StepRun run, TaskDefinition running, IReadOnlyList<Tag> tags)
    {
        var step = run.Step<TransactorStep>();
        LogOf(running);
        var request = WantedDefinition.Copy(running);
        var container = ContainerOf(running);
        var differences = new List<string>();
        // The image is another one only by its digest, and what release it holds is known by this tag alone.
        var version = run.Text(step.Version);
        if (VersionOf(tags) is { } tagged)
        {
            Changed("the version", tagged, version, differences);
        }

        container.Image = Changed("the image", container.Image, run.Text(step.Image), differences);
        request.Cpu = Changed("cpu", request.Cpu, run.Text(step.Size.Cpu), differences);
        request.Memory = Changed("memory", request.Memory, run.Text(step.Size.Memory), differences);
        var options = container.LogConfiguration.Options;
        options["awslogs-group"] = Changed("the log group", options["awslogs-group"], run.Text(step.LogGroup), differences);
        container.Environment = Environment(run, step, container, differences);
        container.Secrets = Secrets(run, step, container, differences);
        request.Tags =
        [
            .. WantedDefinition.TagsOfCopy(tags).Where(tag => tag.Key != VersionTag),
            new Tag { Key = WantedDefinition.DigestTag, Value = DigestOf(request, container) },
            new Tag { Key = VersionTag, Value = version },
        ];
        return new TransactorDefinition(request, differences);
    }

    /// <summary>Whether a revision was registered for exactly this.</summary>
    public bool IsMadeOf(IReadOnlyList<Tag>? tags) =>
        tags?.FirstOrDefault(tag => tag.Key == WantedDefinition.DigestTag)?.Value is { } made
        && made == Request.Tags.Find(tag => tag.Key == WantedDefinition.DigestTag)!.Value
        && VersionOf(tags) == VersionOf(Request.Tags);

    /// <summary>The release of Datomic Pro that a revision's tag names; <see langword="null"/> where none does.</summary>
    public static string? VersionOf(IReadOnlyList<Tag> tags) => tags.FirstOrDefault(tag => tag.Key == VersionTag)?.Value;

    /// <summary>The log of a revision's transactors.</summary>
    /// <exception cref="ServiceRefusedException">They have none in CloudWatch, so that nothing shows a standby.</exception>
    public static ContainerLog LogOf(TaskDefinition definition) =>
        ContainerLog.Find(ContainerOf(definition))
        ?? throw new ServiceRefusedException(
            $"{WantedDefinition.Name(definition)} does not log to CloudWatch with the driver awslogs and a stream prefix, so that "
                + "nothing shows whether its transactor stands by"
        );

    /// <summary>The container with the transactor.</summary>
    /// <exception cref="ServiceRefusedException">There is none.</exception>
    public static ContainerDefinition ContainerOf(TaskDefinition definition) =>
        definition.ContainerDefinitions.Find(container => (container.Environment ?? []).Exists(variable => variable.Name == Table))
        ?? throw new ServiceRefusedException(
            $"{WantedDefinition.Name(definition)} has no container with the environment variable {Table}: it runs another image than "
                + "examples/transactor/image, or was not made by templates/transactor.yaml"
        );

    private static List<Amazon.ECS.Model.KeyValuePair> Environment(
        StepRun run,
        TransactorStep step,
        ContainerDefinition container,
        List<string> differences
    )
    {
        var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATOMIC_NAME"] = run.Text(step.Transactor),
            [Table] = run.Text(step.Table),
            ["DATOMIC_REGION"] = run.Account.Region,
            [Heap] = run.Text(step.Size.Heap),
        };
        foreach (var (name, expression) in step.Properties)
        {
            wanted[OfProperty(name)] = run.Text(expression);
        }

        foreach (var (name, expression) in step.Environment)
        {
            wanted[name] = run.Text(expression);
        }

        if (step.JavaOptions.Count > 0)
        {
            wanted["DATOMIC_JAVA_OPTIONS"] = string.Join('\n', step.JavaOptions.Select(option => run.Text(option)));
        }

        if (step.Secrets.Count > 0)
        {
            // The start script ends when one of them did not come.
            wanted["DATOMIC_SECRETS"] = string.Join(' ', step.Secrets.Keys.Select(OfSecret).Order(StringComparer.Ordinal));
        }

        var present = (container.Environment ?? []).ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
        foreach (var (name, value) in wanted)
        {
            // What is no secret by what it is stands in the file beside the image, and is shown as that is.
            if (Shown.TryGetValue(name, out var what))
            {
                Changed(what, present.GetValueOrDefault(name), value, differences);
            }
            else if (!present.TryGetValue(name, out var before))
            {
                differences.Add($"{name} would be added");
            }
            else if (before != value)
            {
                differences.Add($"{name} would change");
            }
        }

        differences.AddRange(present.Keys.Where(name => !wanted.ContainsKey(name)).Select(name => $"{name} would be removed"));
        return [.. wanted.Select(one => new Amazon.ECS.Model.KeyValuePair { Name = one.Key, Value = one.Value })];
    }

    private static List<Secret> Secrets(StepRun run, TransactorStep step, ContainerDefinition container, List<string> differences)
    {
        var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, expression) in step.Secrets)
        {
            wanted[OfSecret(name)] = run.Text(expression);
        }

        var present = (container.Secrets ?? []).ToDictionary(one => one.Name, one => one.ValueFrom, StringComparer.Ordinal);
        foreach (var (name, from) in wanted)
        {
            if (present.GetValueOrDefault(name) != from)
            {
                differences.Add($"the secret {name} would come from {from}");
            }
        }

        differences.AddRange(present.Keys.Where(name => !wanted.ContainsKey(name)).Select(name => $"the secret {name} would be removed"));
        return [.. wanted.Select(one => new Secret { Name = one.Key, ValueFrom = one.Value })];
    }

    /// <summary>The variable that the image's start script takes a property from.</summary>
    private static string OfProperty(string name) => Property + name.Replace('-', '_').ToUpperInvariant();

    /// <summary>A secret of a property has a hyphen in its name; another one is a variable itself.</summary>
    private static string OfSecret(string name) => name.Contains('-', StringComparison.Ordinal) ? OfProperty(name) : name;

    private static string Changed(string what, string? before, string wanted, List<string> differences)
    {
        if (before != wanted)
        {
            differences.Add($"{what} would be {wanted} instead of {before ?? "none"}");
        }

        return wanted;
    }

    private static string DigestOf(RegisterTaskDefinitionRequest request, ContainerDefinition container)
    {
        var text = new StringBuilder();
        foreach (var part in Parts())
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        IEnumerable<string?> Parts() =>
            [
                request.TaskRoleArn,
                request.ExecutionRoleArn,
                request.Cpu,
                request.Memory,
                container.Name,
                container.Image,
                container.LogConfiguration.Options["awslogs-group"],
                .. container.Environment.SelectMany(one => new[] { one.Name, one.Value }),
                .. container.Secrets.SelectMany(one => new[] { one.Name, one.ValueFrom }),
            ];
    }
}
