namespace Deployer.Functions.Ledger;

/// <summary>What becomes of the capacity of compute groups.</summary>
public enum CapacityChange
{
    /// <summary>As many instances again as before the group was turned off.</summary>
    On,

    /// <summary>No instance at all; what the system stores stays.</summary>
    Off,
}
