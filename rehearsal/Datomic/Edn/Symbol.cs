namespace Deployer.Rehearsal.Datomic.Edn;

/// <summary>A symbol, such as <c>inventory.ions/echo</c>.</summary>
internal sealed record Symbol(string Name)
{
    public override string ToString() => Name;
}
