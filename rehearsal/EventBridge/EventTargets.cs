using System.Text.Json;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>What rules can reach: functions, state machines and other buses.</summary>
internal sealed class EventTargets(RehearsalWorld world, ILambdaInvoker functions, EventRouter router)
{
    private const string ServiceName = "events.amazonaws.com";
    private readonly EventBuses _buses = new(world);
    private readonly RoleSessions _sessions = new(world);

    internal static bool IsBus(EventTarget target) => Service(target.Arn) == "events";

    /// <exception cref="ApiException">The target is named by no ARN, or lacks what it needs.</exception>
    internal static void Check(EventTarget target)
    {
        var service = Service(target.Arn);
        if (service.Length == 0)
        {
            throw new ApiException(
                "ValidationException",
                $"Parameter {target.Arn} is not valid. Reason: Provided Arn is not in correct format."
            );
        }

        if (service == "states" && target.RoleArn is null)
        {
            throw new ApiException("ValidationException", $"RoleArn is required for target {target.Id}.");
        }

        if (new[] { target.Input, target.InputPath, target.InputTemplate }.Count(input => input is not null) > 1)
        {
            throw new ApiException(
                "ValidationException",
                $"Only one of Input, InputPath, or InputTransformer must be provided for target {target.Id}."
            );
        }

        try
        {
            _ = target.InputPath is null ? null : FieldPath.Parse(target.InputPath);
            _ = target.InputTemplate is null
                ? null
                : new InputTemplate(target.InputPaths ?? new Dictionary<string, string>(), target.InputTemplate);
        }
        catch (FormatException exception)
        {
            throw new ApiException("ValidationException", $"Target {target.Id}: {exception.Message}");
        }
    }

    /// <exception cref="ApiException">The target refused it.</exception>
    internal void Deliver(Delivery delivery)
    {
        var arn = delivery.Target.Arn.Split(':', 6);
        var (service, region, account) = (arn[2], arn[3], arn[4]);
        switch (service)
        {
            case "lambda":
                functions.Enqueue(
                    new LambdaInvocation(
                        Principal.Service(ServiceName, delivery.Account, delivery.RuleArn),
                        region,
                        delivery.Target.Arn,
                        delivery.Input
                    )
                );
                break;
            case "states":
                world.Api.Invoke<StartExecutionResponse>(
                    Role(delivery),
                    region,
                    new StartExecutionRequest
                    {
                        StateMachineArn = delivery.Target.Arn,
                        Name = $"{delivery.EventId}_{world.Random.Uuid()}",
                        Input = delivery.Input,
                    }
                );
                break;
            case "events":
                var bus = _buses.Get(account, region, delivery.Target.Arn);
                _buses.CheckPutEvents(delivery.Target.RoleArn is null ? Principal.Root(delivery.Account) : Role(delivery), bus);
                router.Accept(
                    bus,
                    JsonSerializer.Deserialize<JsonElement>(delivery.Input, DeepJson.Writing),
                    forwarded: account != delivery.Account
                );
                break;
            default:
                // Queues, streams and log groups are simulated by their schema: nobody reads what they take.
                break;
        }
    }

    private static string Service(string arn) => arn.Split(':', 6) is ["arn", _, var service, _, _, _] ? service : "";

    private Principal Role(Delivery delivery) =>
        _sessions.Act(
            Principal.Service(ServiceName, delivery.Account, delivery.RuleArn),
            delivery.Target.RoleArn!,
            delivery.EventId.Replace("-", "", StringComparison.Ordinal)
        );
}
