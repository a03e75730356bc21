using System.Diagnostics.CodeAnalysis;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.CodeBuild;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.EventBridge;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>The resource types that stacks can hold. Those of services that need more than the world are added with <see cref="Use"/>.</summary>
public sealed class ResourceTypeCatalogue
{
    private readonly Dictionary<string, IResourceType> _types = [];

    internal ResourceTypeCatalogue(RehearsalWorld world, IResourceType nested)
    {
        foreach (var type in RecordedNetwork.Types.Concat<IResourceType>(RecordedOthers.Types).Concat(Served(world)).Append(nested))
        {
            _types.Add(type.Name, type);
        }
    }

    /// <summary>The names of all of them.</summary>
    public IReadOnlyCollection<string> Names => _types.Keys;

    /// <summary>The type of this name; templates with others were refused.</summary>
    public IResourceType Find(string name) =>
        TryFind(name, out var type) ? type : throw new TemplateException($"Template format error: Unrecognized resource types: [{name}]");

    /// <summary>Whether stacks can hold the type.</summary>
    public bool Has(string name) => TryFind(name, out _);

    /// <summary>What custom resources answer.</summary>
    public CustomResourceAnswers CustomResources { get; set; } = CustomResourceAnswers.None;

    /// <summary>The type's own model, or else what simulates it by its schema.</summary>
    private bool TryFind(string name, [NotNullWhen(true)] out IResourceType? type)
    {
        type =
            _types.GetValueOrDefault(name)
            ?? (
                CustomResource.IsCustom(name) ? new CustomResource(name, CustomResources)
                : ResourceSchemas.Find(name) is { } schema ? new SchemaResource(schema)
                : null
            );
        return type is not null;
    }

    /// <summary>Adds a type, or plays it differently from now on.</summary>
    public void Use(IResourceType type) => _types[type.Name] = type;

    /// <summary>Refuses a template with types that cannot be held, and with attributes that a type known by its schema does not have.</summary>
    /// <exception cref="TemplateException">It names all of them.</exception>
    public void Check(Template template)
    {
        SupportedTypes.Check(template);
        var unknown = template
            .Resources.Values.Select(r => r.Type)
            .Where(type => !Has(type))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0)
        {
            throw new TemplateException($"Template format error: Unrecognized resource types: [{string.Join(", ", unknown)}]");
        }

        SchemaReferences.Check(template, type => TryFind(type, out var found) && found is SchemaResource ? ResourceSchemas.Find(type) : null);
    }

    /// <summary>The types whose services are played.</summary>
    private static IEnumerable<IResourceType> Served(RehearsalWorld world)
    {
        var roles = new Roles(world);
        var buckets = new Buckets(world);
        var buses = new EventBuses(world);
        return
        [
            new RoleResource(roles),
            new PolicyResource(roles),
            new ManagedPolicyResource(roles),
            new BucketResource(buckets),
            new BucketPolicyResource(buckets),
            new TableResource(new Tables(world)),
            new FunctionResource(),
            new PermissionResource(),
            new VersionResource(),
            new AliasResource(),
            new StateMachineResource(),
            new RuleResource(),
            new EventBusResource(buses),
            new EventBusPolicyResource(buses),
            new ProjectResource(new Projects(world)),
            new PipelineResource(),
            new ParameterResource(),
            new LogGroupResource(new LogStore(world)),
        ];
    }
}
