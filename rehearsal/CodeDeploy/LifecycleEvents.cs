namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>The lifecycle events of an in-place deployment to instances without a load balancer, in their order.</summary>
/// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html</remarks>
internal static class LifecycleEvents
{
    internal const string ApplicationStop = "ApplicationStop";
    internal const string ApplicationStart = "ApplicationStart";
    internal const string ValidateService = "ValidateService";

    internal static readonly IReadOnlyList<string> InOrder =
    [
        ApplicationStop,
        "DownloadBundle",
        "BeforeInstall",
        "Install",
        "AfterInstall",
        ApplicationStart,
        ValidateService,
    ];
}
