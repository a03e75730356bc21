using Amazon.Lambda.Model;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda;

/// <content>The policies of functions.</content>
public sealed partial class LambdaService
{
    private void AddPolicyOperations()
    {
        On<AddPermissionRequest, AddPermissionResponse>(
            "AddPermission",
            AddPermission,
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
        On<GetPolicyRequest, GetPolicyResponse>(
            "GetPolicy",
            GetPolicy,
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
        On<RemovePermissionRequest, RemovePermissionResponse>(
            "RemovePermission",
            RemovePermission,
            (call, request) => Arn(call, request.FunctionName, request.Qualifier)
        );
    }

    private AddPermissionResponse AddPermission(Call call, AddPermissionRequest request)
    {
        Refuse("function URLs", request.FunctionUrlAuthType is not null || request.InvokedViaFunctionUrl is not null);
        Refuse("event source tokens", request.EventSourceToken is not null);
        var reference = Reference(call, request.FunctionName, request.Qualifier);
        var function = _functions.Get(reference);
        FunctionStore.CheckRevision(function.RevisionId, request.RevisionId);
        var statement = _policies.Add(
            function,
            new PermissionStatement(request.StatementId, request.Action, request.Principal)
            {
                SourceArn = request.SourceArn,
                SourceAccount = request.SourceAccount,
                PrincipalOrgId = request.PrincipalOrgID,
                Qualifier = reference.Qualifier,
            }
        );
        return new AddPermissionResponse { Statement = statement };
    }

    private GetPolicyResponse GetPolicy(Call call, GetPolicyRequest request)
    {
        var (document, revision) = _policies.Get(_functions.Get(Reference(call, request.FunctionName, request.Qualifier)));
        return new GetPolicyResponse { Policy = document, RevisionId = revision };
    }

    private RemovePermissionResponse RemovePermission(Call call, RemovePermissionRequest request)
    {
        var function = _functions.Get(Reference(call, request.FunctionName, request.Qualifier));
        FunctionStore.CheckRevision(function.RevisionId, request.RevisionId);
        _policies.Remove(function, request.StatementId);
        return new RemovePermissionResponse();
    }
}
