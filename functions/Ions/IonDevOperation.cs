namespace Deployer.Functions.Ions;

/// <summary>What ion-dev is asked to do.</summary>
/// <remarks>https://docs.datomic.com/ions/ions-reference.html</remarks>
public enum IonDevOperation
{
    /// <summary>Pushes a revision to the code bucket.</summary>
    Push,

    /// <summary>Deploys a revision to a compute group.</summary>
    Deploy,

    /// <summary>Nothing: the build only shows that it could.</summary>
    Check,
}

/// <summary>The texts of <see cref="IonDevOperation"/>.</summary>
public static class IonDevOperations
{
    /// <summary>The operation as ion-dev names it, such as <c>push</c>.</summary>
    public static string Text(this IonDevOperation operation) => operation.ToString().ToLowerInvariant();
}
