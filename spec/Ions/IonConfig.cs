using Deployer.Spec.Edn;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Ions;

/// <summary>An application's <c>datomic/ion-config.edn</c> (https://docs.datomic.com/ions/ions-reference.html#ion-config).</summary>
/// <param name="AppName">The application: the CodeDeploy application to which revisions are pushed.</param>
/// <param name="AppNamePosition">Where it is written.</param>
/// <param name="Allow">Query and transaction functions.</param>
/// <param name="Xforms">Functions for pull's xform.</param>
/// <param name="Lambdas">The Lambda functions to be made, in the order of the file.</param>
/// <param name="HttpDirect">The web entry point, if there is one.</param>
public sealed record IonConfig(
    string AppName,
    SourcePosition AppNamePosition,
    IReadOnlyList<string> Allow,
    IReadOnlyList<string> Xforms,
    IReadOnlyList<IonLambda> Lambdas,
    HttpDirect? HttpDirect
)
{
    /// <summary>The concurrency that the Lambda functions reserve together in the account.</summary>
    public int ReservedConcurrency => Lambdas.Sum(lambda => lambda.ReservedConcurrency ?? 0);

    /// <summary>The text of a configuration of the same application that loads nothing and wants no Lambda function.</summary>
    public string WithoutEntryPoints() =>
        $"{{:app-name {EdnPrinter.Print(new EdnString(AppNamePosition, AppName))} :allow [] :lambdas {{}}}}\n";
}

/// <summary>A Lambda function that forwards to an ion.</summary>
/// <param name="Name">The name, to which the group's is prefixed.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="Function">The Clojure function.</param>
/// <param name="Description">The description; empty by default.</param>
/// <param name="TimeoutSeconds">The timeout in seconds; 60 by default.</param>
/// <param name="ReservedConcurrency">The reserved concurrency, 20 by default; null for <c>:none</c>.</param>
/// <param name="ApiGatewayProxy">Whether it is an old web Lambda proxy (<c>:api-gateway/proxy</c>).</param>
public sealed record IonLambda(
    string Name,
    SourcePosition Position,
    string Function,
    string Description,
    int TimeoutSeconds,
    int? ReservedConcurrency,
    bool ApiGatewayProxy
)
{
    /// <summary>The name of the Lambda function that a deployment to the group makes.</summary>
    public string FunctionName(string group) => $"{group}-{Name}";
}

/// <summary>The web entry point of an ion application.</summary>
/// <param name="Handler">The Clojure function.</param>
/// <param name="PendingOpsQueueLength">How many requests are queued; 100 by default.</param>
/// <param name="ProcessingConcurrency">How many threads serve them; 16 by default.</param>
public sealed record HttpDirect(string Handler, int PendingOpsQueueLength, int ProcessingConcurrency);
