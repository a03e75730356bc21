using Deployer.Spec.Binding;
using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Reading;

/// <summary>
/// Turns a document into a <see cref="ServiceSpec"/>. The shapes have been checked before, so what is missing or of a wrong type is
/// already reported: here it becomes an empty value, for the later rules to look at the rest.
/// </summary>
internal sealed class SpecBinder(StepKinds kinds, FaultList faults)
{
    private readonly NodeValues _values = new(faults);

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
            Approval(node),
            node.Text("role")
        )
        {
            Instances = node.At("instances") is { } instances ? Instances(instances) : null,
            Drift = DriftReactions.Find(node.Text("drift")),
            Notifications = node.At("notifications") is null ? NotificationKinds.Usual : Notifications(node),
            OnStackChange = StackChangePolicies.Find(node.Text("onStackChange")),
        };

    private static ApprovalSpec? Approval(YamlNode node) =>
        node.At("approval") switch
        {
            YamlMapping map => new ApprovalSpec(Reasons(map), NodeValues.Duration(map.Text("expireAfter")) ?? ApprovalSpec.UsualExpiry),
            _ => node.Flag("approval") ? new ApprovalSpec([], ApprovalSpec.UsualExpiry) : null,
        };

    private static List<ApprovalReason> Reasons(YamlMapping map)
    {
        var reasons = new List<ApprovalReason>();
        foreach (var item in map.Items("for"))
        {
            if (ApprovalReasons.Find((item as YamlScalar)?.Value) is { } reason)
            {
                reasons.Add(reason);
            }
        }
        return reasons;
    }

    private static List<NotificationKind> Notifications(YamlNode node)
    {
        var kinds = new List<NotificationKind>();
        foreach (var item in node.Items("notifications"))
        {
            if (NotificationKinds.Find((item as YamlScalar)?.Value) is { } kind && !kinds.Contains(kind))
            {
                kinds.Add(kind);
            }
        }

        return kinds;
    }

    private static InstancesSpec Instances(YamlNode node) =>
        new(node.Position, Steps(node.Items("steps")), NodeValues.Duration(node.Text("expireAfter")) ?? TimeSpan.Zero);

    private static List<NamedStep> Steps(IEnumerable<YamlNode> items) =>
        [.. items.OfType<YamlScalar>().Select(item => new NamedStep(item.Value, item.Position))];

    private StepSpec Step(YamlScalar name, YamlNode node)
    {
        var after = Steps(node.Items("after"));
        var kind = (node as YamlMapping)?.Entries.Select(entry => kinds.Find(entry.Key.Value)).FirstOrDefault(found => found is not null);
        return kind?.Bind(new StepNode(name.Value, name.Position, after, node, _values, faults))
            ?? new UnreadableStep(name.Value, name.Position, after);
    }
}
