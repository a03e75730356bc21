namespace Deployer.Spec.Rules;

/// <summary>Limits of Datomic's names and of the names that it derives from them.</summary>
internal static class DatomicNames
{
    /// <summary>A Lambda function's name: <c>GROUP-NAME</c> (https://docs.datomic.com/ions/ions-reference.html).</summary>
    public const int MaxLambdaName = 64;

    // An ion deployment is an execution named GROUP-REVISION-MILLISECONDS, and Step Functions allows 80 characters:
    // a git revision has 40, the time since the epoch 13, and two hyphens join them.
    private const int MaxGroup = 80 - 40 - 13 - 2;

    /// <summary>What a system may be called, in words.</summary>
    public const string SystemExpectation =
        "a system's name: fewer than 24 letters, digits and hyphens, beginning with a letter, and not \"datomic\"";

    /// <summary>What a compute group to which ions are deployed may be called, in words.</summary>
    public static readonly string GroupExpectation =
        $"at most {MaxGroup} characters, because a deployment's execution is named GROUP-REVISION-MILLISECONDS and has at most 80";

    /// <summary>
    /// Whether a system, and so its storage stack, may be called so (https://docs.datomic.com/operation/start-a-system.html).
    /// </summary>
    public static bool IsSystem(string name) =>
        name is { Length: > 0 and < 24 } and not "datomic"
        && char.IsAsciiLetter(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    /// <summary>Whether ions can be deployed to a group of this name.</summary>
    public static bool IsGroup(string name) => name.Length is > 0 and <= MaxGroup;
}
