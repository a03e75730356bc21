using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>The texts that members of a task definition may have, where not every text will do.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html ("taskRoleArn": "the short name or full Amazon
/// Resource Name", "tags", "requiresCompatibilities"), API_PortMapping ("name": "up to 64 characters", "lowercase letters, numbers,
/// underscores (_), and hyphens (-). The name can't start with a hyphen."), API_Device ("permissions"), API_ContainerDefinition ("image":
/// "letters (uppercase and lowercase), numbers, hyphens, underscores, colons, periods, forward slashes, and number signs"; a digest follows
/// an @) and API_MountPoint beside it.
/// </remarks>
internal static partial class DefinitionTexts
{
    private static readonly Rule Path = new(text => PathPattern().IsMatch(text), "an absolute path, such as /data");

    private static readonly Rule Role = new(
        text => RolePattern().IsMatch(text),
        "the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME, or its name"
    );

    private static readonly Dictionary<string, Rule> All = new(StringComparer.Ordinal)
    {
        ["Container.image"] = new(
            text => text.Length == 0 || ImagePattern().IsMatch(text),
            "the name of an image without blanks, such as REPOSITORY:TAG or REPOSITORY@sha256:DIGEST"
        ),
        ["Definition.executionRoleArn"] = Role,
        ["Definition.taskRoleArn"] = Role,
        ["Definition.requiresCompatibilities"] = OneOf("EC2", "EXTERNAL", "FARGATE", "MANAGED_INSTANCES"),
        ["Device.permissions"] = OneOf("mknod", "read", "write"),
        ["MountPoint.containerPath"] = Path,
        ["Port.name"] = new(
            text => PortNamePattern().IsMatch(text),
            "1 to 64 lowercase letters, digits, hyphens and underscores that do not begin with a hyphen"
        ),
        ["Tag.key"] = new(
            text => text.Length is > 0 and <= 128 && !text.StartsWith("aws:", StringComparison.OrdinalIgnoreCase),
            "1 to 128 characters that do not begin with aws:"
        ),
        ["Tag.value"] = new(
            text => text.Length <= 256 && !text.StartsWith("aws:", StringComparison.OrdinalIgnoreCase),
            "at most 256 characters that do not begin with aws:"
        ),
        ["Tmpfs.containerPath"] = Path,
    };

    /// <summary>What the text of a member has to be; <see langword="null"/> for one that may be any.</summary>
    /// <param name="type">The object, by its name in <see cref="DefinitionMembers"/>.</param>
    /// <param name="member">Its member, or one that holds a list of such texts.</param>
    public static Rule? Find(string type, string member) => All.GetValueOrDefault($"{type}.{member}");

    private static Rule OneOf(params string[] texts) => new(texts.Contains, $"one of {string.Join(", ", texts)}");

    [GeneratedRegex("^[a-z0-9_][a-z0-9_-]{0,63}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex PortNamePattern();

    [GeneratedRegex(@"^(/|[A-Za-z]:[\\/])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex PathPattern();

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html (Path, RoleName)
    [GeneratedRegex(
        @"^(arn:aws[a-z-]*:iam::[0-9]{12}:role/([\x21-\x7E]+/)?)?[A-Za-z0-9_+=,.@-]{1,64}$",
        RegexOptions.ExplicitCapture | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        60_000
    )]
    private static partial Regex RolePattern();

    [GeneratedRegex("^[A-Za-z0-9_:./#@${}-]+$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex ImagePattern();

    /// <summary>What a text has to be.</summary>
    /// <param name="Holds">Whether a text is one.</param>
    /// <param name="Expected">The same in words.</param>
    internal sealed record Rule(Func<string, bool> Holds, string Expected);
}
