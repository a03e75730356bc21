namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>One entry of <c>:lambdas</c> with Datomic's defaults filled in.</summary>
/// <param name="Name">The name in the map; the AWS Lambda is called <c>group-name</c>.</param>
/// <param name="Fn">The function that answers it on the nodes.</param>
/// <param name="Description">Empty when not given.</param>
/// <param name="TimeoutSeconds">60 when not given.</param>
/// <param name="ConcurrencyLimit">Reserved concurrency, 20 when not given; <see langword="null"/> for <c>:none</c>.</param>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#lambdas</remarks>
internal sealed record IonLambda(string Name, string Fn, string Description, int TimeoutSeconds, int? ConcurrencyLimit);
