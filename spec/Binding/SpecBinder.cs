using System.Globalization;
using Deployer.Spec.Datomic;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Binding;

/// <summary>
/// Turns a document into a <see cref="ServiceSpec"/>. The shapes have been checked before, so what is missing or of a wrong type is
/// already reported: here it becomes an empty value, for the later rules to look at the rest.
/// </summary>
internal sealed class SpecBinder(FaultList faults)
{
    private readonly NodeValues values = new(faults);

    public ServiceSpec Bind(YamlNode root) =>
        new(
            root.Text("service") ?? "",
            Repository(root.At("repository")),
            [.. root.Entries("targets").Select(entry => Target(entry.Key, entry.Value))],
            [.. root.Entries("steps").Select(entry => Step(entry.Key, entry.Value))]
        );

    private static RepositorySpec? Repository(YamlNode? node) =>
        node is null ? null : new RepositorySpec(node.Text("url") ?? "", node.Text("connection"));

    private static TargetSpec Target(YamlScalar name, YamlNode node) =>
        new(
            name.Value,
            name.Position,
            node.Text("account") ?? "",
            node.Text("region") ?? "",
            node.Entries("values")
                .Where(entry => entry.Value is YamlScalar)
                .ToDictionary(entry => entry.Key.Value, entry => ((YamlScalar)entry.Value).Value),
            node.Flag("approval"),
            node.Text("role")
        )
        {
            Instances = node.At("instances") is { } instances ? Instances(instances) : null,
        };

    private static InstancesSpec Instances(YamlNode node) =>
        new(node.Position, Steps(node.Items("steps")), Duration(node.Text("expireAfter")) ?? TimeSpan.Zero);

    private static List<NamedStep> Steps(IEnumerable<YamlNode> items) =>
        [.. items.OfType<YamlScalar>().Select(item => new NamedStep(item.Value, item.Position))];

    private StepSpec Step(YamlScalar name, YamlNode node)
    {
        var after = Steps(node.Items("after"));
        return (node as YamlMapping)
            ?.Entries.Select(entry => entry.Key.Value)
            .FirstOrDefault(key => Shapes.SpecShapes.Step.KindKeys.Contains(key)) switch
        {
            "stack" => new StackStep(
                name.Value,
                name.Position,
                after,
                values.Expression(node, "stack", Scope.Target),
                StackKindOf(node),
                values.Expression(node, "template", Scope.Target),
                values.Expressions(node.At("parameters"), Scope.Outputs),
                values.Expressions(node.At("tags"), Scope.Outputs),
                node.At("publish") is null ? null : values.Expression(node, "publish", Scope.Target),
                node.At("capabilities") is null ? null : [.. node.Items("capabilities").OfType<YamlScalar>().Select(item => item.Value)]
            ),
            "ions" when node.At("ions") is YamlScalar written && Folder(written) is { } folder => new IonsStep(
                name.Value,
                name.Position,
                after,
                folder,
                written.Position,
                values.Expression(node, "group", Scope.Outputs),
                [.. node.Items("allowConflicts").OfType<YamlScalar>().Select(item => item.Value)],
                node.Flag("allowUnpromoted"),
                Bake(node.At("bake"))
            )
            {
                IonDev = node.Text("ionDev"),
            },
            "endpoint" => new EndpointStep(
                name.Value,
                name.Position,
                after,
                values.Expression(node, "endpoint", Scope.Outputs),
                RouteOf(node),
                [
                    .. (node.At("functions")?.Items("names") ?? [])
                        .OfType<YamlScalar>()
                        .Select(item => values.Expression(item, Scope.Outputs)),
                ],
                values.Expressions(node.At("functions")?.At("tags"), Scope.Outputs),
                values.Expressions(node.At("variables"), Scope.OutputsAndDns)
            ),
            "service" => new ServiceStep(
                name.Value,
                name.Position,
                after,
                values.Expression(node, "service", Scope.Outputs),
                values.Expression(node, "cluster", Scope.Outputs),
                values.Expressions(node.At("images"), Scope.Outputs)
            ),
            "transactor" => new TransactorStep(
                name.Value,
                name.Position,
                after,
                values.Expression(node, "transactor", Scope.Outputs),
                values.Expression(node, "cluster", Scope.Outputs),
                values.Expression(node, "image", Scope.Outputs),
                node.Text("version") ?? ""
            ),
            _ => new UnreadableStep(name.Value, name.Position, after),
        };
    }

    private static BakeSpec? Bake(YamlNode? node) =>
        node is not null && Duration((node as YamlScalar)?.Value ?? node.Text("for")) is { } window
            ? new BakeSpec(window, Number(node.Text("freeMemory")?.TrimEnd('%')) ?? BakeSpec.LowMemory, Number(node.Text("throttled")) ?? 0)
            : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Duration(string? text) =>
        text is [.. var digits, var unit] && Number(digits) is { } number
            ? unit switch
            {
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;

    private static StackKind StackKindOf(YamlNode node) =>
        StackKinds.All.FirstOrDefault(kind => StackKinds.Name(kind) == node.Text("kind"), OtherwiseOf(node));

    /// <summary>A kind that does not exist is told already; with the template's own nothing else is told because of it.</summary>
    private static StackKind OtherwiseOf(YamlNode node) =>
        node.Text("kind") is not null && DatomicTemplate.TryParse(node.Text("template") ?? string.Empty, out var template)
            ? template.Kind
            : StackKind.Plain;

    private static EndpointRoute RouteOf(YamlNode node) =>
        EndpointRoutes.All.FirstOrDefault(route => EndpointRoutes.Name(route) == node.Text("via"));

    private RelativePath? Folder(YamlScalar written)
    {
        if (!RelativePath.TryParse(written.Value, out var folder, out var problem))
        {
            faults.Add(written.Position, $"the path \"{written.Value}\" {problem}", "the path of a folder within the service's folder");
        }
        return folder;
    }
}
