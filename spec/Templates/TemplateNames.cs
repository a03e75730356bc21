using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// The names that a template declares, and whether others may come to exist when its transforms are run: where that is so, an unknown name
/// is no fault.
/// </summary>
internal sealed class TemplateNames
{
    private const string Sam = "AWS::Serverless-2016-10-31";
    private const string LanguageExtensions = "AWS::LanguageExtensions";
    private const string Loop = "Fn::ForEach";

    // What a macro replaces the content of a section with, its neighbours included.
    private const string Macro = "Fn::Transform";

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
    private static readonly IReadOnlyList<string> Pseudo =
    [
        "AWS::AccountId",
        "AWS::NotificationARNs",
        "AWS::NoValue",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    ];

    private static readonly string[] Sections = ["Parameters", "Mappings", "Conditions", "Resources", "Outputs"];

    private readonly HashSet<string> _generators;
    private readonly bool _isSam;
    private readonly HashSet<string> _open;

    private TemplateNames(YamlNode root)
    {
        var transforms = TransformsOf(root).ToList();
        _isSam = transforms.Contains(Sam);
        UsesExtensions = transforms.Contains(LanguageExtensions);
        IsOpen = transforms.Exists(name => name is not (Sam or LanguageExtensions));
        _open =
        [
            .. Sections.Where(section =>
                root.Entries(section).Any(entry => entry.Key.Value == Macro || entry.Key.Value.StartsWith(Loop, StringComparison.Ordinal))
            ),
        ];
        Parameters = NamesIn(root, "Parameters");
        Resources = NamesIn(root, "Resources");
        Conditions = NamesIn(root, "Conditions");
        Mappings = NamesIn(root, "Mappings");
        _generators =
        [
            .. root.Entries("Resources")
                .Where(entry =>
                    entry.Value.Text("Type")?.StartsWith("AWS::Serverless::", StringComparison.Ordinal) == true
                    || entry.Value.At("Connectors") is not null
                )
                .Select(entry => entry.Key.Value),
        ];
    }

    public IReadOnlyList<string> Parameters { get; }

    public IReadOnlyList<string> Resources { get; }

    public IReadOnlyList<string> Conditions { get; }

    public IReadOnlyList<string> Mappings { get; }

    /// <summary>Whether a macro of somebody else may change anything.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether functions take functions where they otherwise take texts, and loops are allowed.</summary>
    public bool UsesExtensions { get; }

    /// <summary>Whether the Serverless Application Model makes resources of others.</summary>
    public bool UsesSam => _isSam;

    public static TemplateNames Read(YamlNode root) => new(root);

    /// <summary>Whether a section may get entries that are not written in it.</summary>
    public bool MayGrow(string section) => IsOpen || _open.Contains(section);

    /// <summary>Whether a name is a parameter, or a pseudo parameter.</summary>
    public bool IsParameter(string name) => Parameters.Contains(name) || Pseudo.Contains(name) || MayGrow("Parameters");

    /// <summary>
    /// Whether a name is a resource, or may be one that SAM makes of another: the role <c>FunctionRole</c>, <c>ApiDeployment…</c>
    /// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
    /// </summary>
    public bool IsResource(string name) =>
        Resources.Contains(name)
        || MayGrow("Resources")
        || (
            _isSam
            && (
                name.StartsWith("Serverless", StringComparison.Ordinal)
                || name.StartsWith("CodeDeploy", StringComparison.Ordinal)
                || name.StartsWith("ApiGatewayDomainName", StringComparison.Ordinal)
                || name.StartsWith("RecordSetGroup", StringComparison.Ordinal)
                || _generators.Any(resource => name.StartsWith(resource, StringComparison.Ordinal))
            )
        );

    /// <summary>Whether <c>Ref</c> may name it; SAM also takes <c>Function.Version</c> and the like.</summary>
    public bool CanBeReferredTo(string name) =>
        IsParameter(name) || IsResource(_isSam && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name);

    /// <summary>What a reference may name, for the nearest name to be found.</summary>
    public IEnumerable<string> Referable => [.. Parameters, .. Resources, .. Pseudo];

    public static IEnumerable<string> TransformsOf(YamlNode root) =>
        root.At("Transform") switch
        {
            null => [],
            YamlScalar one => [one.Value],
            YamlSequence several => several.Items.Select(item => (item as YamlScalar)?.Value ?? string.Empty),
            _ => [string.Empty],
        };

    private static List<string> NamesIn(YamlNode root, string section) => [.. root.Entries(section).Select(entry => entry.Key.Value)];
}
