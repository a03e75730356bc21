using System.Text;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>How large a template may be, in CloudFormation's words.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html</summary>
internal static class TemplateLimits
{
    /// <summary>The most bytes of a template in a request.</summary>
    public const int InlineBytes = 51_200;

    /// <summary>The most bytes of a template at an address.</summary>
    public const int AddressBytes = 1_000_000;

    private const int DescriptionBytes = 1024;
    private const int NameCharacters = 255;

    private static readonly (string Section, string Counted, int Maximum)[] Counts =
    [
        ("Resources", "resources", 500),
        ("Parameters", "parameters", 200),
        ("Mappings", "mappings", 200),
        ("Outputs", "outputs", 200),
    ];

    /// <exception cref="TemplateException">A limit is passed.</exception>
    public static void Check(JsonObject root)
    {
        if (Bytes(root["Description"].Text() ?? "") > DescriptionBytes)
        {
            throw new TemplateException($"Template format error: 'Description' length is greater than {DescriptionBytes}.");
        }

        foreach (var (name, counted, maximum) in Counts)
        {
            if (root[name] is not JsonObject section)
            {
                continue;
            }

            if (section.Count > maximum)
            {
                throw new TemplateException(
                    $"Template format error: Number of {counted}, {section.Count}, is greater than maximum allowed, {maximum}"
                );
            }

            if (section.Select(member => member.Key).FirstOrDefault(key => key.Length > NameCharacters) is { } tooLong)
            {
                throw new TemplateException(
                    $"Template format error: {name} name {tooLong} is longer than the maximum allowed, {NameCharacters} characters"
                );
            }
        }
    }

    /// <summary>The length by which CloudFormation measures a text.</summary>
    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
