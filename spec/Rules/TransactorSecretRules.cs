using System.Text.RegularExpressions;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>
/// No secret stands in the file, in a task definition or in a report: a container gets it from Secrets Manager or Systems Manager when it
/// starts. Values are never shown.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html and
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
/// </remarks>
internal static partial class TransactorSecretRules
{
    private const string ArnExpectation =
        "the ARN of a secret in Secrets Manager (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a parameter in Systems Manager "
        + "(arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)";

    public static void Check(TransactorInTarget transactor)
    {
        var step = transactor.Step;
        foreach (var (name, written) in step.Environment)
        {
            // What nothing needs is no secret to keep: the rules for properties refuse it.
            var isNeeded = TransactorProperties.Refusal(TransactorPropertyRules.Hyphenated(name)) is null;
            if (isNeeded && PlainSecrets.IsVariable(name, transactor.Value(written)))
            {
                transactor.Report(
                    written,
                    $"the environment variable {name} is a secret, and everybody who may read task definitions reads it",
                    $"{name} in secrets, with {ArnExpectation}"
                );
            }
        }
        foreach (var option in step.JavaOptions.Where(option => transactor.Value(option) is { } value && PlainSecrets.IsOption(value)))
        {
            transactor.Report(
                option,
                "an option of the JVM holds a secret, and everybody who may read task definitions reads it",
                "secrets"
            );
        }
        foreach (var (name, written) in step.Properties.Where(property => PlainSecrets.IsOne(transactor.Value(property.Value))))
        {
            transactor.Report(written, $"the property {name} holds a credential", $"{name} in secrets");
        }
        foreach (var (name, written) in step.Secrets)
        {
            CheckSecret(transactor, name, written);
        }
    }

    private static void CheckSecret(TransactorInTarget transactor, string name, Expression written)
    {
        var step = transactor.Step;
        if (transactor.Value(written) is { } arn && !Arn().IsMatch(arn))
        {
            transactor.Report(written, $"the secret {name} is no ARN, and is not shown", ArnExpectation);
        }
        if (step.Properties.ContainsKey(name) || step.Environment.ContainsKey(name))
        {
            transactor.Report(written, $"{name} stands in secrets and in the file as well", "one of both");
        }
        else if (name.StartsWith("DATOMIC_", StringComparison.Ordinal))
        {
            transactor.Report(
                written,
                $"the secret {name} has a name that the deployer gives to what it passes to the start script",
                "the name of a property, such as memcached-password, or a name that does not begin with DATOMIC_"
            );
        }
        else if (TransactorPropertyRules.RefusedVariable("secret", name) is { } variable)
        {
            transactor.Report(written, variable.Because, variable.Expected);
        }
        else if (TransactorProperties.Refusal(TransactorPropertyRules.Hyphenated(name)) is { } refused)
        {
            transactor.Report(written, $"{name} {refused.Because}", refused.Expected);
        }
        else if (PropertyOf(name) is { } property && property != name)
        {
            var where = TransactorProperties.Find(property) is { HasLimit: true } ? "properties" : "secrets";
            transactor.Report(written, $"the secret {name} is read by nothing here", $"{property} in {where}");
        }
        else if (TransactorProperties.Find(name) is { HasLimit: true } limit)
        {
            transactor.Report(
                written,
                $"the secret {name} is a property whose limits are not checked there",
                $"{name} in properties, {limit.Expected}"
            );
        }
        else if (
            name.Contains('-', StringComparison.Ordinal)
            && TransactorProperties.Find(name) is null
            && !TransactorProperties.Secret.Contains(name)
        )
        {
            transactor.Report(
                written,
                $"the transactor has no property {name}",
                NearestName.Expectation(name, [.. TransactorProperties.Secret, .. TransactorProperties.Names])
            );
        }
    }

    /// <summary>The property that a name spells, as its own or as system properties do; <see langword="null"/> for none.</summary>
    private static string? PropertyOf(string name) =>
        TransactorPropertyRules.Hyphenated(name) is var property
        && (TransactorProperties.Find(property) is not null || TransactorProperties.Secret.Contains(property))
            ? property
            : null;

    [GeneratedRegex(
        @"^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^\s:]+(:[^\s:]*){0,3}|ssm:[a-z0-9-]+:[0-9]{12}:parameter/[^\s:]+)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Arn();
}
