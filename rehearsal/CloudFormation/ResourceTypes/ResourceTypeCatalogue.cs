using System.Diagnostics.CodeAnalysis;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>The resource types that stacks can hold.</summary>
public sealed class ResourceTypeCatalogue
{
    private readonly Dictionary<string, IResourceType> _types = [];

    /// <summary>The types that services have registered.</summary>
    public ResourceTypeCatalogue(IEnumerable<IResourceType> types, IEnumerable<IResourceTypeGroup> groups)
    {
        foreach (var type in types.Concat(groups.SelectMany(group => group.Types)))
        {
            _types.Add(type.Name, type);
        }
    }

    /// <summary>The same types and one more.</summary>
    public ResourceTypeCatalogue With(IResourceType type) => new([.. _types.Values, type], []);

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
                CustomResourceTypes.Includes(name) ? new CustomResource(name, CustomResources)
                : ResourceSchemas.Find(name) is { } schema ? new SchemaResource(schema)
                : null
            );
        return type is not null;
    }

    /// <summary>Refuses a template with types that cannot be held, with attributes that a type does not have by its schema, and with
    /// outputs of attributes that are lists.</summary>
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

        SchemaReferences.Check(template);
    }
}
