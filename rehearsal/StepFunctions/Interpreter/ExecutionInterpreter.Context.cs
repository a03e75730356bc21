using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>The context object.
/// Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html.</content>
public sealed partial class ExecutionInterpreter
{
    private JsonObject Context(Branch branch, StateDefinition state, MapItem? item)
    {
        var own = new JsonObject
        {
            ["Id"] = _execution.Arn,
            ["Input"] = _execution.Input?.DeepClone(),
            ["StartTime"] = StateData.Timestamp(_execution.StartedAt),
            ["Name"] = _execution.Name,
            ["RoleArn"] = _execution.RoleArn,
            ["RedriveCount"] = _execution.RedriveCount,
        };
        if (_execution.RedrivenAt is { } redriven)
        {
            own["RedriveTime"] = StateData.Timestamp(redriven);
        }

        var current = new JsonObject { ["Name"] = state.Name, ["EnteredTime"] = StateData.Timestamp(branch.EnteredAt) };
        if (state is RetryableState)
        {
            current["RetryCount"] = branch.RetryCount;
        }

        var context = new JsonObject
        {
            ["Execution"] = own,
            ["StateMachine"] = new JsonObject { ["Id"] = _execution.MachineArn, ["Name"] = _execution.MachineName },
            ["State"] = current,
        };
        if (branch.Task?.Token is { } token)
        {
            context["Task"] = new JsonObject { ["Token"] = token };
        }

        for (
            Branch? scope = branch;
            item is null && scope is not null;
            scope = scope.Parent is { } parent ? _execution.Branches[parent] : null
        )
        {
            item = scope.Item;
        }

        if (item is not null)
        {
            context["Map"] = new JsonObject
            {
                ["Item"] = new JsonObject { ["Index"] = item.Index, ["Value"] = item.Value?.DeepClone() },
            };
        }

        return context;
    }
}
