namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>The example with its ions and its accounts, served.</summary>
public sealed class ServedInventory() : ServedAccounts(CopiedExample())
{
    private static string CopiedExample()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("deployer-inventory-").FullName, "inventory");
        Folders.Copy(Repository.Example, folder);
        return folder;
    }
}
