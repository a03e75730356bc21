namespace Deployer.Spec.Templates;

/// <summary>
/// Runtimes that Lambda gives up. The dates are AWS's, move now and then, and nothing here reads a clock: the table says what held in
/// February 2026 (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, "Deprecated runtimes").
/// </summary>
public static class LambdaRuntimes
{
    private static readonly HashSet<string> Retired =
    [
        "nodejs",
        "nodejs4.3",
        "nodejs4.3-edge",
        "nodejs6.10",
        "nodejs8.10",
        "nodejs10.x",
        "nodejs12.x",
        "nodejs14.x",
        "python2.7",
        "python3.6",
        "python3.7",
        "java8",
        "go1.x",
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "ruby2.5",
        "ruby2.7",
        "provided",
    ];

    private static readonly HashSet<string> Deprecated = ["nodejs16.x", "nodejs18.x", "python3.8", "python3.9", "dotnet6"];

    /// <summary>Whether functions of this runtime can be neither created nor updated.</summary>
    public static bool IsRetired(string runtime) => Retired.Contains(runtime);

    /// <summary>
    /// Whether functions of this runtime get no more patches, and cannot be created or updated from a date that AWS has set.
    /// </summary>
    public static bool IsDeprecated(string runtime) => Deprecated.Contains(runtime);
}
