using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>
/// A function as callers name it: name, partial ARN (<c>account:function:name</c>) or ARN, each with or without a qualifier.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</remarks>
internal sealed partial record FunctionReference(string Account, string Region, string Name, string? Qualifier)
{
    /// <summary>The key of the function's record.</summary>
    public string Key => RegionalKey.Create(Account, Region, Name);

    /// <summary>The function's ARN without a qualifier.</summary>
    public string Arn => $"arn:aws:lambda:{Region}:{Account}:function:{Name}";

    /// <summary>The ARN as it was called.</summary>
    public string QualifiedArn => Qualifier is null ? Arn : $"{Arn}:{Qualifier}";

    /// <summary>Reads a reference; what it does not say is taken from the call.</summary>
    /// <exception cref="ApiException">ValidationException or InvalidParameterValueException.</exception>
    public static FunctionReference Parse(string text, string account, string region, string? qualifier = null)
    {
        var match = Pattern().Match(Uri.UnescapeDataString(text));
        if (!match.Success)
        {
            throw new ApiException(
                "ValidationException",
                $"1 validation error detected: Value '{text}' at 'functionName' failed to satisfy constraint: Member must satisfy "
                    + "regular expression pattern"
            );
        }

        var own = Part("qualifier");
        if (own is not null && qualifier is not null && own != qualifier)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "The derived qualifier from the function name does not match the specified qualifier."
            );
        }

        return new FunctionReference(Part("account") ?? account, Part("region") ?? region, Part("name")!, own ?? qualifier);

        string? Part(string group) => match.Groups[group] is { Success: true } found ? found.Value : null;
    }

    [GeneratedRegex(
        "^(arn:aws:lambda:(?<region>[a-z]{2}(-[a-z]+)+-[0-9]):)?((?<account>[0-9]{12}):)?(function:)?(?<name>[a-zA-Z0-9_-]{1,"
            + "64})(:(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]+))?$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Pattern();
}
