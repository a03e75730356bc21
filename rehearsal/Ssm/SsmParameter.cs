namespace Deployer.Rehearsal.Ssm;

/// <summary>A parameter of the Parameter Store, with the values that it had.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name; a hierarchical one begins with a slash.</param>
/// <param name="Type"><c>String</c>, <c>StringList</c> or <c>SecureString</c>.</param>
/// <param name="Versions">Its values, the first being version 1.</param>
/// <param name="Description">For people who read the parameter.</param>
/// <param name="Tags">Its tags.</param>
public sealed record SsmParameter(
    string Account,
    string Region,
    string Name,
    string Type,
    IReadOnlyList<SsmParameterVersion> Versions,
    string? Description,
    IReadOnlyDictionary<string, string> Tags
)
{
    /// <summary>Its ARN.</summary>
    public string Arn => ArnOf(Account, Region, Name);

    /// <summary>The ARN of a parameter, or of a path.</summary>
    public static string ArnOf(string account, string region, string name) =>
        $"arn:aws:ssm:{region}:{account}:parameter/{name.TrimStart('/')}";
}

/// <summary>One value of a parameter.</summary>
/// <param name="Value">The value, in the clear.</param>
/// <param name="Modified">When it was put.</param>
public sealed record SsmParameterVersion(string Value, DateTimeOffset Modified);
