using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Ions;

/// <summary>The folder of a service with ions.</summary>
internal static class IonFolder
{
    /// <summary>A folder whose <c>deployer.yaml</c> has the target <c>dev</c>.</summary>
    /// <param name="steps">The steps, as YAML in one line or indented below <c>steps</c>.</param>
    /// <param name="libraries">Libraries of the ions beside Datomic's own, as EDN.</param>
    /// <param name="ionDev">The version of ion-dev in the alias of the ions; <see langword="null"/> for no alias.</param>
    public static MemoryFolder With(string steps, string libraries = "", string? ionDev = "1.0.352") =>
        new(
            (
                "deployer.yaml",
                $$"""
                service: inventory
                targets: { dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev } } }
                steps: {{steps}}
                """
            ),
            (
                "ions/deps.edn",
                """
                {:paths ["res"]
                 :deps {com.datomic/ion {:mvn/version "1.0.71"} LIBRARIES}
                 ALIASES}
                """.Replace("LIBRARIES", libraries, StringComparison.Ordinal).Replace("ALIASES", Aliases(ionDev), StringComparison.Ordinal)
            ),
            ("ions/res/datomic/ion-config.edn", "{:app-name \"inventory\"}")
        );

    private static string Aliases(string? ionDev) =>
        ionDev is null
            ? string.Empty
            : ":aliases {:ion-dev {:deps {com.datomic/ion-dev {:mvn/version \"VERSION\"}}}}".Replace(
                "VERSION",
                ionDev,
                StringComparison.Ordinal
            );
}
