using System.Text.Json.Nodes;
using Deployer.Functions.Ions;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>
/// What every state machine of the deployer has to hold: each callback task has a heartbeat and its retry, retry lists of
/// tasks are complete, nothing is caught (a redrive re-enters only what failed by itself), no Fail state.
/// </summary>
internal static class MachineRules
{
    private const string Unavailable = "AwsUnavailableException";
    private const int LeastTries = 5;

    /// <summary>What a function throws that looks for something which will be there by itself.</summary>
    private const string NotYet = "NotYetException";

    /// <summary>At the longest pause of 15 seconds: about as long as AWS takes for what a function looks for again and again.</summary>
    private const int LeastLooks = 60;

    /// <summary>The states that prove: what is on its way then is waited for by their retries alone.</summary>
    private static readonly string[] Proving = ["Prove", "Finish"];

    /// <summary>More nodes than a compute group has, which are deployed to one after another.</summary>
    private const int ManyNodes = 100;

    /// <summary>
    /// The errors of a Lambda invocation that are worth another try: AWS's list, what ends a function without an answer, and our own.
    /// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
    /// </summary>
    private static readonly string[] LambdaErrors =
    [
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "Lambda.CodeArtifactUserPendingException",
        // A function that ran out of time or whose process ended: AWS's list of errors to handle has them by these names.
        "Lambda.Unknown",
        "Sandbox.Timedout",
        "Runtime.ExitError",
        // The deployer's own: AWS throttled, failed by itself, or could not be reached.
        Unavailable,
    ];

    private static readonly string[] HeartbeatErrors = ["States.HeartbeatTimeout", "States.Timeout"];

    /// <summary>Every state, those inside Map and Parallel included.</summary>
    public static IEnumerable<(string Name, JsonObject State)> States(JsonObject machine)
    {
        foreach (var (name, node) in machine["States"]!.AsObject())
        {
            var state = node!.AsObject();
            yield return (name, state);
            var inner = new[] { state["ItemProcessor"], state["Iterator"] }
                .OfType<JsonObject>()
                .Concat((state["Branches"] as JsonArray ?? []).OfType<JsonObject>());
            foreach (var nested in inner.SelectMany(States))
            {
                yield return nested;
            }
        }
    }

    /// <summary>A sentence for each rule that is broken.</summary>
    public static IReadOnlyList<string> Violations(JsonObject machine)
    {
        var violations = new List<string>();
        foreach (var (name, state) in States(machine))
        {
            if (state.ContainsKey("Catch"))
            {
                violations.Add($"{name} has a Catch: what it leads to is all that a redrive re-enters");
            }

            if (Text(state, "Type") == "Fail")
            {
                violations.Add($"{name} is a Fail state: a redrive enters it again and fails again");
            }

            if (Text(state, "Type") == "Task")
            {
                violations.AddRange(TaskViolations(name, state));
            }
        }

        return violations;
    }

    private static IEnumerable<string> TaskViolations(string name, JsonObject state)
    {
        var retried = (state["Retry"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var missing = LambdaErrors.Where(error => !retried.Exists(retry => Errors(retry).Contains(error))).ToList();
        if (missing.Count > 0)
        {
            yield return $"{name} does not retry {string.Join(", ", missing)}";
        }

        // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, "Retrying after an error".
        if (
            retried.Find(retry => Errors(retry).Contains(Unavailable)) is { } unavailable
            && (
                Number(unavailable, "BackoffRate", 2) <= 1
                || Number(unavailable, "IntervalSeconds", 1) < 1
                || Number(unavailable, "MaxAttempts", 3) < LeastTries
            )
        )
        {
            yield return $"{name} does not retry {Unavailable} with a growing pause and at least {LeastTries} times";
        }

        // Any function may be early: an execution, a stack or an operation that was just begun is not described yet.
        if (
            retried.Find(retry => Errors(retry).Contains(NotYet)) is not { } early
            || Number(early, "IntervalSeconds", 1) < 1
            || Number(early, "MaxAttempts", 3) < LeastLooks
        )
        {
            yield return $"{name} does not retry {NotYet} at least {LeastLooks} times";
        }
        else if (Proving.Contains(name) && Looks(early) is var looks && looks < LongestLimit)
        {
            yield return $"{name} looks for {looks.TotalMinutes} minutes; a step may be on its way for {LongestLimit.TotalMinutes}";
        }

        if (!state.ContainsKey("TimeoutSeconds"))
        {
            yield return $"{name} has no TimeoutSeconds";
        }

        if (!Text(state, "Resource").EndsWith(".waitForTaskToken", StringComparison.Ordinal))
        {
            yield break;
        }

        if (!state.ContainsKey("HeartbeatSeconds"))
        {
            yield return $"{name} waits for a token without a heartbeat";
        }

        var heartbeat = retried.Find(retry => HeartbeatErrors.All(Errors(retry).Contains));
        if (heartbeat is null)
        {
            yield return $"{name} does not retry an expired heartbeat under both of its names";
        }
        else if (heartbeat["MaxAttempts"]?.GetValue<int>() is not >= 1000 || heartbeat["BackoffRate"]?.GetValue<double>() is not 1)
        {
            yield return $"{name} gives up waiting: its heartbeat's retry needs BackoffRate 1 and many attempts";
        }
    }

    /// <summary>How long the longest step may take, which the proof waits for as long.</summary>
    private static TimeSpan LongestLimit
    {
        get
        {
            var (removal, ions) = (new StackRemoval(null!, null!).Limit(null!), DeployWork.LimitFor(ManyNodes));
            return removal > ions ? removal : ions;
        }
    }

    /// <summary>How long a retry with a pause that does not grow tries again.</summary>
    private static TimeSpan Looks(JsonObject retry) =>
        TimeSpan.FromSeconds(Number(retry, "IntervalSeconds", 1) * Number(retry, "MaxAttempts", 3));

    private static double Number(JsonObject retry, string member, double unless) => retry[member]?.GetValue<double>() ?? unless;

    private static string Text(JsonObject state, string member) => state[member]?.GetValue<string>() ?? string.Empty;

    private static IEnumerable<string> Errors(JsonObject retry) =>
        retry["ErrorEquals"]!.AsArray().Select(error => error!.GetValue<string>());
}
