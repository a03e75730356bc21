namespace Deployer.Functions.Checks;

/// <summary>An event as AWS would send it, to try a rule's pattern with.</summary>
/// <param name="DetailType">What it is.</param>
/// <param name="Text">The event as JSON.</param>
internal sealed record SampleEvent(string DetailType, string Text);

/// <summary>One event of each sort that a deployment waits for in the target's account.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/ref/events.html</remarks>
internal static class SampleEvents
{
    private static readonly (string Source, string DetailType)[] Sorts =
    [
        ("aws.cloudformation", "CloudFormation Stack Status Change"),
        ("aws.states", "Step Functions Execution Status Change"),
        ("aws.autoscaling", "EC2 Instance Launch Successful"),
        ("aws.codedeploy", "CodeDeploy Deployment State-change Notification"),
        ("aws.ecs", "ECS Deployment State Change"),
        (TestEvent.Source, TestEvent.DetailType),
    ];

    /// <summary>The events, as they would happen in an account.</summary>
    public static IEnumerable<SampleEvent> All(string account, string region) =>
        Sorts.Select(sort => new SampleEvent(
            sort.DetailType,
            $$"""
            {"version":"0","id":"00000000-0000-0000-0000-000000000000","detail-type":"{{sort.DetailType}}","source":"{{sort.Source}}",
            "account":"{{account}}","time":"2026-01-01T00:00:00Z","region":"{{region}}","resources":[],"detail":{} }
            """
        ));
}
