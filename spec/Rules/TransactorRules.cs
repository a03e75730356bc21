using Deployer.Spec.Datomic;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>
/// A transactor is one that starts, that peers find, and that can be replaced: judged in each target, before anything is made.
/// </summary>
internal static class TransactorRules
{
    // The longest name of an ECS service is 255 (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html), and the
    // services are NAME-a and NAME-b.
    private const int LongestName = 253;

    // What DynamoDB's answers need, which version 1 of the AWS SDK cannot parse on newer versions of Java otherwise.
    private static readonly string[] OpenedModules = ["java.base/java.lang=", "java.xml/com.sun.org.apache.xpath.internal="];

    private static readonly string[] Javas = ["11", "17", "21"];

    public static void Check(ServiceSpec spec, FaultList faults)
    {
        // All transactors of a table are one system, of which one is active: https://docs.datomic.com/operation/ha.html
        OneStepForEach.Check(
            spec,
            faults,
            target =>
                spec.Steps.OfType<TransactorStep>()
                    .Select(step => new OwnedByStep(step.Name, step.Table.Position, StaticValue.In(spec, target, step.Table))),
            (steps, table, target) =>
                $"the transactors of the steps {steps} have the same table \"{table}\" in the target \"{target}\", and would take it "
                + "from each other",
            "a table for each transactor"
        );
        foreach (var step in spec.Steps.OfType<TransactorStep>())
        {
            foreach (var target in spec.Targets)
            {
                var transactor = new TransactorInTarget(spec, target, step, faults);
                CheckNames(transactor);
                CheckImage(transactor);
                CheckVersion(transactor);
                CheckMode(transactor);
                TransactorMemoryRules.Check(transactor);
                TransactorPropertyRules.Check(transactor);
                TransactorSecretRules.Check(transactor);
            }
        }
    }

    private static void CheckNames(TransactorInTarget transactor)
    {
        var step = transactor.Step;
        transactor.Require(
            step.Transactor,
            "the transactor's name",
            name => name.Length is > 0 and <= LongestName && name.All(IsNameCharacter),
            $"1 to {LongestName} letters, digits, hyphens and underscores: its services are NAME-a and NAME-b"
        );
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
        transactor.Require(
            step.Table,
            "the table",
            name => name.Length is >= 3 and <= 255 && name.All(character => IsNameCharacter(character) || character == '.'),
            "3 to 255 letters, digits, hyphens, underscores and dots"
        );
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
        transactor.Require(
            step.LogGroup,
            "the log group",
            name => name.Length is > 0 and <= 512 && name.All(character => IsNameCharacter(character) || character is '/' or '.' or '#'),
            "1 to 512 letters, digits and any of _ - / . #"
        );
    }

    private static void CheckImage(TransactorInTarget transactor) =>
        // A tag can point to another image tomorrow, and a standby that starts then is another release than its active transactor
        // (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html).
        transactor.Require(
            transactor.Step.Image,
            "the image",
            image =>
                image.Split("@sha256:") is [{ Length: > 0 } repository, { Length: 64 } digest]
                && !repository.Any(char.IsWhiteSpace)
                && digest.All(char.IsAsciiHexDigitLower),
            "an image by its digest, REPOSITORY@sha256:DIGEST: a tag can be another image when the standby starts"
        );

    private static void CheckVersion(TransactorInTarget transactor)
    {
        var step = transactor.Step;
        var java = CheckJava(transactor);
        if (transactor.Value(step.Version) is not { } text)
        {
            return;
        }
        if (ProRelease.Find(text) is not { } release)
        {
            transactor.Report(step.Version, $"the version is \"{text}\"", ProRelease.Expectation);
            return;
        }
        if (release.IsBefore(ProReleases.WithoutLicenceKey))
        {
            transactor.Report(
                step.Version,
                $"Datomic Pro {release} needs a licence key",
                $"{ProReleases.Oldest} or later, which needs none"
            );
        }
        else if (release.IsBefore(ProReleases.Oldest))
        {
            transactor.Report(
                step.Version,
                $"the health endpoint of Datomic Pro {release} does not work, so that its container is never healthy",
                $"{ProReleases.Oldest} or later"
            );
        }
        foreach (var withdrawn in ProReleases.Withdrawn.Where(withdrawn => withdrawn.Release.Equals(release)))
        {
            transactor.Report(step.Version, $"Datomic Pro {release} must not be used: {withdrawn.Reason}", $"{withdrawn.Instead} or later");
        }
        if (java is not null)
        {
            CheckPair(transactor, release, java);
        }
    }

    private static string? CheckJava(TransactorInTarget transactor)
    {
        // "Datomic releases after March 31st, 2023 will no longer support running on Java 8": https://docs.datomic.com/release-notices.html
        var java = transactor.Value(transactor.Step.Java);
        if (java is not null && !Javas.Contains(java))
        {
            transactor.Report(
                transactor.Step.Java,
                $"the version of Java is \"{java}\"",
                $"one with long-term support on which Datomic Pro runs: {string.Join(", ", Javas)}"
            );
            return null;
        }
        return java;
    }

    /// <remarks>
    /// Java 21: https://docs.datomic.com/changes/pro.html. The modules: version 1 of the AWS SDK reads errors of DynamoDB by reflection
    /// into both (https://docs.oracle.com/en/java/javase/17/migrate/migrating-jdk-8-later-jdk-releases.html, strong encapsulation), and
    /// 1.0.7556 is the first release on version 2.
    /// </remarks>
    private static void CheckPair(TransactorInTarget transactor, ProRelease release, string java)
    {
        if (java == "21" && release.IsBefore(ProReleases.OnJava21))
        {
            transactor.Report(
                transactor.Step.Java,
                $"Datomic Pro {release} is older than Datomic's support of Java 21",
                $"Java 11 or 17, or Datomic Pro {ProReleases.OnJava21} or later"
            );
        }
        else if (java != "11" && release.IsBefore(ProReleases.OnSecondSdk) && !OpensModules(transactor))
        {
            transactor.Report(
                transactor.Step.Java,
                $"Datomic Pro {release} cannot read errors of DynamoDB on Java {java}, whose modules are closed to it",
                "Java 11, or "
                    + $"Datomic Pro {ProReleases.OnSecondSdk} or later, or the javaOptions --add-opens=java.base/java.lang=ALL-UNNAMED and "
                    + "--add-opens=java.xml/com.sun.org.apache.xpath.internal=ALL-UNNAMED"
            );
        }
    }

    private static bool OpensModules(TransactorInTarget transactor)
    {
        var options = transactor.Step.JavaOptions.Select(option => transactor.Value(option) ?? string.Empty).ToList();
        return Array.TrueForAll(
            OpenedModules,
            module => options.Exists(option => option.StartsWith($"--add-opens={module}", StringComparison.Ordinal))
        );
    }

    private static void CheckMode(TransactorInTarget transactor)
    {
        var step = transactor.Step;
        if (transactor.Value(step.Mode) is not { } text)
        {
            return;
        }
        var mode = TransactorModes.Find(text);
        if (mode is null)
        {
            transactor.Report(step.Mode, $"the mode is \"{text}\"", TransactorModes.Expectation);
        }
        else if (mode == TransactorMode.Single && !step.AllowsWriteGap)
        {
            // "A second transactor will stay in standby mode unless the active transactor misses two heartbeats":
            // https://docs.datomic.com/operation/deployment.html. One that starts alone looks for the heartbeats of the former one, too.
            transactor.Report(
                step.Mode,
                "a single transactor is replaced by one that takes over after two heartbeats have been missed, and until then nothing "
                    + "is written",
                "pair, or allowWriteGap: true beside it"
            );
        }
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
