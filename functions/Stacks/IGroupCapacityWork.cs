using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Changes the capacity of a compute group: a task of the group's stack, whose work is a thing of ions, since a group is on when each node
/// runs the revision that was released last.
/// </summary>
public interface IGroupCapacityWork : IStepWork;
