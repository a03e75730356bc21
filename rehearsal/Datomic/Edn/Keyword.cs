namespace Deployer.Rehearsal.Datomic.Edn;

/// <summary>A keyword, such as <c>:op</c>; <paramref name="Name"/> is without the colon.</summary>
internal sealed record Keyword(string Name)
{
    public override string ToString() => $":{Name}";
}
