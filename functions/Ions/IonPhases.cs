namespace Deployer.Functions.Ions;

/// <summary>Which part of a push or a deploy comes next, as task records have it.</summary>
internal static class IonPhases
{
    /// <summary>The build that runs ion-dev.</summary>
    public const string Build = "build";

    /// <summary>The execution of <c>datomic-GROUP</c>.</summary>
    public const string Deploy = "deploy";

    /// <summary>What is live is watched.</summary>
    public const string Bake = "bake";
}
