namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>The name of an application revision: a commit, or a free name for code that no commit names.</summary>
/// <param name="Name">The SHA or the uname.</param>
/// <param name="Reproducible">Whether it is a SHA.</param>
internal sealed record Revision(string Name, bool Reproducible)
{
    /// <summary>
    /// Its key in the code bucket. <c>stable/</c> is seen in CodeDeploy deployments of SHA revisions although the
    /// documentation shows the key without it (vouch-opensource/datomic-ions-deploy, entrypoint.sh); the folder of
    /// unreproducible revisions is known to be another one, its name here is chosen.
    /// </summary>
    public string Key(string application) => $"datomic/apps/{application}/{(Reproducible ? "stable" : "unrepro")}/{Name}.zip";

    /// <summary>The keyword that ion-dev uses for it.</summary>
    public string Keyword => Reproducible ? "rev" : "uname";
}
