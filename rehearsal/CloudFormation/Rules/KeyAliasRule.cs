using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>Aliases of KMS keys.</summary>
/// <remarks>"It must begin with alias/ followed by a name", and not with alias/aws/:
/// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html</remarks>
internal sealed class KeyAliasRule : IPropertyRule
{
    private const string Prefix = "alias/";
    private const string Reserved = "alias/aws/";
    private const int Longest = 256;

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::KMS::Alias"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties)
    {
        if (properties.Known("AliasName") is not { } name)
        {
            yield break;
        }

        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            yield return Refused(name, "a name that begins with alias/", "Alias must start with the prefix \"alias/\".");
        }
        else if (name.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
        {
            yield return Refused(
                name,
                "a name that does not begin with alias/aws/, which is AWS's own",
                "Alias cannot begin with alias/aws/."
            );
        }
        else if (
            name.Length is <= 6 or > Longest
            || !name[Prefix.Length..].All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-')
        )
        {
            yield return Refused(
                name,
                $"letters, digits, /, _ and - after alias/, {Longest} characters in all",
                $"1 validation error detected: Value '{name}' at 'aliasName' failed to satisfy constraint: Member must satisfy regular "
                    + "expression pattern: ^[a-zA-Z0-9:/_-]+$"
            );
        }
    }

    private static RefusedValue Refused(string name, string expected, string message) =>
        new(["AliasName"], $"is \"{name}\"", expected, "InvalidAliasNameException", message);
}
