using Deployer.Cli.AwsAccounts;

namespace Deployer.Cli.Bootstrap;

/// <summary>A stack of the product, and where it is.</summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Account">Twelve digits.</param>
/// <param name="Region">The region.</param>
internal sealed record StackPlace(string Name, string Account, string Region)
{
    /// <summary>Where a stack is.</summary>
    public static StackPlace For(ProductStack stack, AwsAccess access) => new(stack.Name, access.Account, access.Region);

    /// <summary>As sentences have it.</summary>
    public override string ToString() => $"stack {Name} in account {Account}, {Region}";
}
