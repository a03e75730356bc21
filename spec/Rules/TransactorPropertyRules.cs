using System.Text.RegularExpressions;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>
/// The lines of a transactor's properties file are those that it reads, within their limits, and none that belongs to the task.
/// </summary>
internal static partial class TransactorPropertyRules
{
    /// <summary>Variables from which a JVM takes options beside those that it is started with.</summary>
    /// <remarks>
    /// https://docs.oracle.com/en/java/javase/21/troubleshoot/environment-variables-and-system-properties.html and, for the launcher's own,
    /// https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html; JAVA_OPTS is what Datomic's bin/transactor adds to, which is why
    /// https://github.com/matthieu-beteille/heroku-buildpack-datomic unsets it before (vendor/datomic/start-datomic.sh).
    /// </remarks>
    private static readonly string[] OptionVariables = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS"];

    private const string SystemProperty = "-Ddatomic.";

    /// <summary>What the agent of ECS sets in a container: where it finds its task, its credentials and where it runs.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html and
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    /// </remarks>
    private static readonly string[] OfEcs =
    [
        "ECS_CONTAINER_METADATA_URI",
        "ECS_CONTAINER_METADATA_URI_V4",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_EXECUTION_ENV",
    ];

    public static void Check(TransactorInTarget transactor)
    {
        var step = transactor.Step;
        foreach (var (name, written) in step.Properties)
        {
            CheckProperty(transactor, name, written);
        }
        foreach (var missing in TransactorProperties.Required.Where(name => !step.Properties.ContainsKey(name)))
        {
            transactor.Faults.Add(
                step.Position,
                $"the transactor of the step \"{step.Name}\" has no {missing}, without which it does not start",
                $"{missing} among its properties, {TransactorProperties.Find(missing)!.Expected}"
            );
        }
        foreach (var (name, written) in step.Environment)
        {
            CheckVariable(transactor, name, written);
        }
        foreach (var option in step.JavaOptions.Where(option => transactor.Value(option)?.Any(char.IsControl) == true))
        {
            transactor.Report(
                option,
                "an option of javaOptions has a line break or another control character, and the start script takes options line by line",
                "each option as an item of its own"
            );
        }
        foreach (var option in step.JavaOptions.Where(option => IsHeap(transactor.Value(option))))
        {
            transactor.Report(option, "the heap stands in javaOptions", "the key heap, which is compared with the task's memory");
        }
        foreach (var option in step.JavaOptions.Where(option => Collector().IsMatch(transactor.Value(option) ?? string.Empty)))
        {
            transactor.Report(
                option,
                "the start script chooses the garbage collector (G1), and a JVM with two of them does not start",
                "javaOptions without it"
            );
        }
        foreach (var option in step.JavaOptions)
        {
            CheckSystemProperty(transactor, option);
        }
    }

    /// <summary>
    /// Properties are system properties too, such as <c>datomic.objectCacheMax</c>, and no document says which of both a transactor takes.
    /// </summary>
    /// <remarks>https://docs.datomic.com/operation/system-properties.html</remarks>
    private static void CheckSystemProperty(TransactorInTarget transactor, Expression option)
    {
        if (
            transactor.Value(option) is not { } text
            || !text.StartsWith(SystemProperty, StringComparison.Ordinal)
            || Hyphenated(text[SystemProperty.Length..].Split('=')[0]) is var property && TransactorProperties.Secret.Contains(property)
        )
        {
            return;
        }

        if (TransactorProperties.Refusal(property) is { } refused)
        {
            transactor.Report(option, $"javaOptions has the property {property}, which {refused.Because}", refused.Expected);
        }
        else if (TransactorProperties.Find(property) is not null)
        {
            transactor.Report(
                option,
                $"javaOptions has the property {property}, whose limits are not checked there",
                $"{property} in properties"
            );
        }
    }

    /// <summary>Checks the values of those properties that have limits, wherever they stand.</summary>
    public static void CheckLimits(TransactorInTarget transactor)
    {
        foreach (var (name, written) in transactor.Step.Properties)
        {
            if (transactor.Value(written) is { } value && TransactorProperties.Find(name) is { } limit && !limit.Holds(value))
            {
                transactor.Report(written, $"{name} is \"{AddressCredentials.HideAndShorten(value, 40)}\"", limit.Expected);
            }
        }
    }

    private static void CheckProperty(TransactorInTarget transactor, string name, Expression written)
    {
        // An empty text elsewhere is a key that is missing; this one is written.
        var value = written.Text.Length == 0 ? string.Empty : transactor.Value(written);
        if (TransactorProperties.Secret.Contains(name))
        {
            transactor.Report(written, $"{name} is a secret and stands in the file", "its ARN in secrets");
        }
        else if (TransactorProperties.Refusal(name) is { } refused)
        {
            transactor.Report(written, $"{Named(name, value)} {refused.Because}", refused.Expected);
        }
        else if (TransactorProperties.Find(name) is not { } limit)
        {
            transactor.Report(written, $"the transactor has no property {name}", NearestName.Expectation(name, TransactorProperties.Names));
        }
        else if (value?.Any(char.IsControl) == true)
        {
            transactor.Report(
                written,
                $"{name} is \"{AddressCredentials.HideAndShorten(value, 40)}\", with a line break or another control character",
                "a text of one line"
            );
        }
        else if (value is not null && !limit.Holds(value))
        {
            transactor.Report(written, $"{name} is \"{AddressCredentials.HideAndShorten(value, 40)}\"", limit.Expected);
        }
    }

    // The address that peers call: https://docs.datomic.com/operation/deployment.html, "Getting Connected".
    private static string Named(string name, string? value) =>
        name == "host" && value == "0.0.0.0" ? "host 0.0.0.0 is an address at which no peer finds anything; host" : name;

    /// <summary>
    /// Why no variable of a container may have a name, wherever its value is taken from; <see langword="null"/> for one that may.
    /// </summary>
    /// <param name="kind">What it is to the file: an environment variable or a secret.</param>
    /// <param name="name">The name.</param>
    public static TransactorProperties.Refused? RefusedVariable(string kind, string name) =>
        name is "Xmx" or "Xms" ? new($"the {kind} {name} is read by nothing here", "the key heap")
        : OfEcs.Contains(name, StringComparer.Ordinal) ? new($"the {kind} {name} is set by ECS itself", "no such variable")
        : OptionVariables.Contains(name, StringComparer.Ordinal)
            ? new(
                $"the JVM takes options from the {kind} {name} beside those of the step",
                "them in javaOptions, and the heap in the key heap"
            )
        : null;

    private static void CheckVariable(TransactorInTarget transactor, string name, Expression written)
    {
        var property = Hyphenated(name);
        if (RefusedVariable("environment variable", name) is { } variable)
        {
            transactor.Report(written, variable.Because, variable.Expected);
        }
        else if (TransactorProperties.Refusal(property) is { } refused)
        {
            transactor.Report(
                written,
                $"the environment variable {name} is the property {property}, which {refused.Because}",
                refused.Expected
            );
        }
        else if (TransactorProperties.Find(property) is not null)
        {
            transactor.Report(written, $"the environment variable {name} is read by nothing here", $"{property} in properties");
        }
        else if (name.StartsWith("DATOMIC_", StringComparison.Ordinal) && name != "DATOMIC_EXT_CLASSPATH")
        {
            transactor.Report(
                written,
                $"the environment variable {name} has a name that the deployer gives to what it passes to the start script",
                "properties, heap and javaOptions, or a name that does not begin with DATOMIC_"
            );
        }
    }

    private static bool IsHeap(string? option) => option is not null && HeapOption().IsMatch(option);

    /// <remarks>
    /// https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html: options of the heap, older spellings of them that the JVM still
    /// takes, and files with options.
    /// </remarks>
    [GeneratedRegex(
        "^(-Xm[xs]|-m[xs]|-XX:(Max|Initial|SoftMax|Min)HeapSize=|-XX:(MaxRAM|(Max|Min|Initial)RAM(Percentage|Fraction))=|"
            + "-XX:[+]AggressiveHeap|-XX:(Flags|VMOptionsFile)=|@)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex HeapOption();

    [GeneratedRegex(@"^-XX:[+-]Use\w+GC$", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Collector();

    /// <summary>The property of a name such as <c>memoryIndexMax</c>, as system properties and other images spell it.</summary>
    public static string Hyphenated(string name) =>
        string.Concat(
            name.Select(character => char.IsAsciiLetterUpper(character) ? $"-{char.ToLowerInvariant(character)}" : $"{character}")
        );
}
