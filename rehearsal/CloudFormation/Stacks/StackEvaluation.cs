using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>A stack's definition with all that is needed to evaluate it.</summary>
internal sealed class StackEvaluation
{
    // A template's text means the same in every world.
    private static readonly ConcurrentDictionary<string, Template> Templates = new();
    private static readonly ConcurrentDictionary<string, Template> Originals = new();

    private readonly Lazy<DependencyGraph> _graph;

    public StackEvaluation(StackRecord stack, StackDefinition definition, IResourceValues values, IStackValues outside)
    {
        Template = Read(definition.Executed);
        Scope = new EvaluationScope(
            new PseudoParameters(stack.Account, stack.Region, stack.Id, stack.Name) { NotificationArns = definition.NotificationArns },
            definition.Parameters.ToDictionary(p => p.Key, p => p.Value.InUse),
            values,
            name =>
            {
                Imported.Add(name);
                return outside.Export(stack.Account, stack.Region, name);
            },
            key => outside.DynamicReference(stack, key)
        );
        Evaluator = new Evaluator(Template, Scope);
        // An operation evaluates once a resource, and looks at the order of them all a few times.
        _graph = new Lazy<DependencyGraph>(() => DependencyGraph.Build(Template, Evaluator.Condition), LazyThreadSafetyMode.None);
    }

    public Template Template { get; }

    public EvaluationScope Scope { get; }

    public Evaluator Evaluator { get; }

    /// <summary>The resources that the conditions leave.</summary>
    /// <exception cref="TemplateException">They need each other in a circle.</exception>
    public DependencyGraph Graph => _graph.Value;

    /// <summary>The exports that evaluations asked for so far.</summary>
    public SortedSet<string> Imported { get; } = new(StringComparer.Ordinal);

    /// <summary>The template as it was written, with its transforms still to be applied.</summary>
    /// <exception cref="TemplateException">It is refused.</exception>
    public static Template ReadOriginal(string body) => Originals.GetOrAdd(body, Template.Parse);

    /// <summary>The template that is executed for a template's text: read, checked and transformed.</summary>
    /// <exception cref="TemplateException">It is refused.</exception>
    public static Template Read(string body) => Templates.GetOrAdd(body, static text => Transforms.Apply(ReadOriginal(text)));
}

/// <summary>What templates read from outside their stack.</summary>
internal interface IStackValues
{
    /// <summary>The value of an export, or null.</summary>
    string? Export(string account, string region, string name);

    /// <summary>The value of <c>{{resolve:…}}</c>.</summary>
    /// <exception cref="TemplateException">It cannot be read.</exception>
    string DynamicReference(StackRecord stack, string key);
}

/// <summary>What references give while a stack is worked on: what its resources are now.</summary>
internal sealed class LiveValues(StackRecord stack) : IResourceValues
{
    public JsonNode Ref(string logicalId) => Find(logicalId).Reference ?? Find(logicalId).PhysicalId!;

    public JsonNode GetAtt(string logicalId, string attribute)
    {
        var resource = Find(logicalId);
        return resource.Attributes.TryGetValue(attribute, out var value) ? value.DeepClone()
            : CustomResourceTypes.Includes(resource.Type) ? CustomResourceTypes.MissingAttribute(logicalId, attribute, resource.Attributes)
            : FurtherAttributes.Find(stack, resource, attribute)
                ?? throw new TemplateException(
                    UnsetProperties.Needed(resource.Type, resource.Properties, attribute) is { } needed
                        ? UnsupportedFeatures.Attribute(resource.Type, attribute, needed).ToString()
                        : $"Template error: resource {logicalId} does not support attribute type {attribute} in Fn::GetAtt"
                );
    }

    private ResourceRecord Find(string logicalId) =>
        stack.Resources.TryGetValue(logicalId, out var resource) && resource.PhysicalId is not null
            ? resource
            : throw new TemplateException($"Template error: resource {logicalId} has no physical id yet");
}
