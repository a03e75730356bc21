namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>Runs functions whose code is here: those that name their handler in <c>ANNOTATIONS_HANDLER</c>.</summary>
public interface ILambdaHost : IAsyncDisposable
{
    /// <summary>What the reports call it: <c>native</c>, <c>executable</c> or <c>in-process</c>.</summary>
    string Name { get; }

    /// <summary>Makes an execution environment; it starts with its first invocation.</summary>
    Sandbox CreateSandbox(SandboxSpec spec);
}
